"""The arithmetic of IPv4 subnets, as the lesson subnet asks for it.

    python3 -u subnet.py info|same|split ...
    python3 -u subnet.py batch
"""

import sys

SCOPES = [
    (network, prefix, name)
    for name, blocks in {
        "private": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16",
        "loopback": "127.0.0.0/8",
        "link-local": "169.254.0.0/16",
        "multicast": "224.0.0.0/4",
        "shared": "100.64.0.0/10",
        "reserved": "0.0.0.0/8 240.0.0.0/4",
        "documentation": "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24",
    }.items()
    for network, prefix in (block.split("/") for block in blocks.split())
]


class NoQuery(Exception):
    """What is not a query at all."""


def quote(text):
    """Shows a part that is wrong: what is long is cut, what cannot be printed is replaced."""
    return '"' + "".join(c if c.isprintable() else "\ufffd" for c in text[:100]) + '"'


def number(text, most, what):
    if not (text.isascii() and text.isdigit() and len(text) < 6 and str(int(text)) == text and int(text) <= most):
        raise ValueError(f"{what} {quote(text)} is not a plain number from 0 to {most}")
    return int(text)


def address(text):
    octets = text.split(".", 4)
    if len(octets) != 4:
        raise ValueError(f"address {quote(text)} does not have four octets")
    value = 0
    for octet in octets:
        value = value << 8 | number(octet, 255, "octet")
    return value


def netmask(prefix):
    return 0xFFFFFFFF << (32 - prefix) & 0xFFFFFFFF


def mask(text):
    try:
        value = address(text)
    except ValueError as e:
        raise ValueError(f"mask {quote(text)}: {e}")
    for prefix in range(33):
        if netmask(prefix) == value:
            return prefix
    raise ValueError(f"mask {quote(text)} does not have all its ones at the left")


def subnet(text):
    before, slash, after = text.partition("/")
    value = address(before)
    if not slash:
        raise ValueError(f"address {quote(text)} has neither a prefix nor a mask")
    return value, number(after, 32, "prefix")


def dotted(value, form="{}"):
    return ".".join(form.format(value >> shift & 255) for shift in (24, 16, 8, 0))


def scope(value):
    for network, prefix, name in SCOPES:
        if value & netmask(int(prefix)) == address(network):
            return name
    return "public"


def info(value, prefix):
    network = value & netmask(prefix)
    last = network | ~netmask(prefix) & 0xFFFFFFFF
    set_aside = prefix < 31
    lines = {
        "address": dotted(value),
        "netmask": dotted(netmask(prefix)),
        "prefix": prefix,
        "network": dotted(network),
        "broadcast": dotted(last) if set_aside else "none",
        "first": dotted(network + set_aside),
        "last": dotted(last - set_aside),
        "hosts": last - network + 1 - 2 * set_aside,
        "scope": scope(value),
        "binary": dotted(value, "{:08b}"),
    }
    return "".join(f"{name + ':':11}{text}\n" for name, text in lines.items())


def split(value, prefix, new):
    if new < prefix:
        raise ValueError(f"new prefix {new} is a larger subnet than /{prefix}")
    if new - prefix > 16:
        raise ValueError(f"new prefix {new} gives more than 65536 subnets")
    network = value & netmask(prefix)
    return "".join(f"{dotted(network + (i << (32 - new)))}/{new}\n" for i in range(1 << (new - prefix)))


def answer(query):
    match query:
        case ["info", text]:
            return info(*subnet(text))
        case ["info", text, m]:
            return info(address(text), mask(m))
        case ["same", a, b, m]:
            a, b, bits = address(a), address(b), netmask(mask(m))
            return "yes\n" if a & bits == b & bits else "no\n"
        case ["split", text, new]:
            return split(*subnet(text), number(new, 32, "prefix"))
    raise NoQuery("not a query: its verb or its number of words is wrong")


def write(text):
    sys.stdout.buffer.write(text.encode(errors="surrogateescape"))
    sys.stdout.buffer.flush()


def batch():
    for line in sys.stdin.buffer:
        line = line.removesuffix(b"\n").removesuffix(b"\r")
        try:
            text = answer(line.decode(errors="surrogateescape").split(" "))
        except (ValueError, NoQuery) as e:
            text = f"error: {e}\n"
        write(text + "\n")


def main(args):
    if args == ["batch"]:
        return batch()
    try:
        write(answer(args))
    except ValueError as e:
        sys.exit(f"error: {e}")
    except NoQuery as e:
        print(f"error: {e}", file=sys.stderr)
        sys.exit(2)


main(sys.argv[1:])
