"""Writes WebAssembly modules byte by byte, valid and broken ones."""

HEADER = b"\0asm\1\0\0\0"
COMPONENT = b"\0asm\x0d\0\1\0"
HUGE = b"\xff\xff\xff\xff\x0f"  # 4,294,967,295


def leb(value):
    out = bytearray()
    while True:
        low, value = value & 0x7F, value >> 7
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def section(number, contents):
    return bytes([number]) + leb(len(contents)) + contents


def name(text):
    data = text if isinstance(text, bytes) else text.encode()
    return leb(len(data)) + data


def vector(items):
    return leb(len(items)) + b"".join(items)


def custom(title, contents):
    return section(0, name(title) + contents)


def memory(minimum=1, maximum=None, flags=0):
    limits = bytes([flags | (0 if maximum is None else 1)]) + leb(minimum)
    return section(5, vector([limits + (b"" if maximum is None else leb(maximum))]))


def data(offset=1024, contents=b"settings"):
    return section(11, vector([b"\0\x41" + leb(offset) + b"\x0b" + leb(len(contents)) + contents]))


def body(instructions):
    inner = b"\0" + instructions + b"\x0b"
    return leb(len(inner)) + inner


FUNCTION_TYPE = section(1, vector([b"\x60\0\0"]))


def one_function(instructions):
    """The sections of a module with one function of no parameters and no results."""
    return FUNCTION_TYPE + section(3, b"\1\0"), section(10, vector([body(instructions)]))


def good():
    """A module with one of most sections."""
    types, code = one_function(b"\x01")
    names = section(7, vector([name("run") + b"\0\0"]))
    function_names = b"\1" + leb(6) + b"\1\0" + name("run")
    return HEADER + types + memory(1, 4) + names + code + data() + custom("name", function_names)
