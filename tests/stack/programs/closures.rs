// Closures, trait objects and arrays by value. No panics with messages: they would bring in the formatting machinery.
/// A value that the optimizer knows nothing of.
fn black_box<T: Copy>(value: T) -> T {
    unsafe { core::ptr::read_volatile(&value) }
}

trait Visit {
    fn visit(&self, value: u32) -> u32;
}

struct Small(u32);
struct Large([u32; 200]);

impl Visit for Small {
    fn visit(&self, value: u32) -> u32 {
        let local = black_box([value; 16]);
        local[0].wrapping_add(self.0)
    }
}

impl Visit for Large {
    fn visit(&self, value: u32) -> u32 {
        let copy = black_box(self.0);
        copy[0].wrapping_mul(value)
    }
}

#[inline(never)]
fn apply(visitors: &[&dyn Visit], value: u32) -> u32 {
    let mut sum = 0u32;
    for visitor in visitors {
        sum = sum.wrapping_add(visitor.visit(value));
    }
    sum
}

#[no_mangle]
pub extern "C" fn _start() {
    let small = Small(black_box(3));
    let large = Large(black_box([7; 200]));
    let add = |value: u32| black_box([value; 50])[1].wrapping_add(1);
    black_box(apply(&[&small, &large], add(5)));
}
