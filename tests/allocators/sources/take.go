// Gives the host a function take(size): Go 1.19 has no exports, so it is a property of the global object.
package main

import "syscall/js"

var kept [][]byte

func main() {
	js.Global().Set("take", js.FuncOf(func(_ js.Value, sizes []js.Value) any {
		kept = append(kept, make([]byte, sizes[0].Int()))
		return len(kept)
	}))
	select {}
}
