"""Leaves of a network namespace the way between one user and the host, and gives it an address of its own to answer at.

usage: shut-network.py UID HOST ADDRESS TO_PORT AT_PORT

By routing rules: TCP that the user's programs send to the host's one port, or from the one port where they listen, finds
the usual routes; everything else finds none. Loopback stays. A program that may become any user, as root inside, can
become this one, and reaches that port of the host and nothing else, as long as it may not make packets of its own.
Python, because it can speak netlink, and lies in the image: iproute2 and iptables do not.
"""

import socket
import struct
import sys

NEW_ADDRESS, NEW_RULE, DELETE_RULE = 20, 32, 33
REQUEST, ACK, CREATE = 1, 4, 0x400
MAIN_TABLE, TO_TABLE = 254, 1
DESTINATION, PRIORITY, UID_RANGE, PROTOCOL, FROM_PORTS, TO_PORTS = 1, 6, 20, 22, 23, 24
LOCAL, ADDRESS = 2, 1


def attribute(kind, value):
    return struct.pack("HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def ask(kind, flags, body):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.bind((0, 0))
        netlink.send(struct.pack("IHHII", 16 + len(body), kind, REQUEST | ACK | flags, 1, 0) + body)
        (error,) = struct.unpack_from("i", netlink.recv(4096), 16)
        if error:
            raise OSError(-error, "netlink refused")


def rule(kind, flags, family, attributes, destination_bits=0):
    header = struct.pack("BBBBBBBBI", family, destination_bits, 0, 0, MAIN_TABLE, 0, 0, TO_TABLE, 0)
    ask(kind, flags, header + attributes)


uid, host, address = int(sys.argv[1]), socket.inet_aton(sys.argv[2]), socket.inet_aton(sys.argv[3])
to_port, at_port = int(sys.argv[4]), int(sys.argv[5])
with open("/proc/net/dev") as devices:
    has_network = "eth0" in devices.read()
if not has_network:
    raise SystemExit("there is no network to shut")
only = attribute(UID_RANGE, struct.pack("II", uid, uid)) + attribute(DESTINATION, host)
only += attribute(PRIORITY, struct.pack("I", 100)) + attribute(PROTOCOL, struct.pack("B", socket.IPPROTO_TCP))
for side, port in ((TO_PORTS, to_port), (FROM_PORTS, at_port)):
    rule(NEW_RULE, CREATE, socket.AF_INET, only + attribute(side, struct.pack("HH", port, port)), 32)
for family in (socket.AF_INET, socket.AF_INET6):
    rule(DELETE_RULE, 0, family, attribute(PRIORITY, struct.pack("I", 32766)))
loopback = socket.if_nametoindex("lo")
body = struct.pack("BBBBI", socket.AF_INET, 32, 0, 0, loopback)
ask(NEW_ADDRESS, CREATE, body + attribute(LOCAL, address) + attribute(ADDRESS, address))
