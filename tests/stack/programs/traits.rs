// Trait objects in an array, slices of the frame, a recursion on a slice that is cut in halves.
/// A value that the optimizer knows nothing of.
fn black_box<T: Copy>(value: T) -> T {
    unsafe { core::ptr::read_volatile(&value) }
}

trait Shape {
    fn area(&self, scale: u32) -> u32;
}
struct Small(u32);
struct Large([u32; 120]);

impl Shape for Small {
    fn area(&self, scale: u32) -> u32 {
        let local = black_box([self.0; 16]);
        local[(scale & 15) as usize]
    }
}
impl Shape for Large {
    fn area(&self, scale: u32) -> u32 {
        let mut copy = black_box(self.0);
        copy[(scale & 63) as usize] += scale;
        copy[7] ^ copy[(scale & 31) as usize]
    }
}

#[inline(never)]
fn total(shapes: &[&dyn Shape; 2], scale: u32) -> u32 {
    let mut sum = 0u32;
    for shape in shapes {
        sum = sum.wrapping_add(shape.area(scale));
    }
    sum
}

/// Each half is a slice of the caller's array; how often it is cut is known at run time only.
#[inline(never)]
fn halve(numbers: &[u32]) -> u32 {
    let local = black_box([numbers.len() as u32; 10]);
    match numbers {
        [] => 0,
        [one] => one.wrapping_add(local[3]),
        _ => {
            let (left, right) = numbers.split_at(numbers.len() / 2);
            halve(left).wrapping_add(halve(right))
        }
    }
}

#[no_mangle]
pub extern "C" fn _start() {
    let large = Large(black_box([3; 120]));
    black_box(total(&[&Small(black_box(2)), &large], black_box(5)));
    black_box(halve(&large.0));
}
