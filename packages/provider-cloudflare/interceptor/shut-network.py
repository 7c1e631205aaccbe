"""Leaves the network namespace to one user, and gives it an address of its own to answer at.

usage: shut-network.py UID ADDRESS

By routing rules: what the user's programs send finds the usual routes, what others send finds none. Loopback stays.
Python, because it can speak netlink, and lies in the image: iproute2 and iptables do not.
"""

import socket
import struct
import sys

NEW_ADDRESS, NEW_RULE, DELETE_RULE = 20, 32, 33
REQUEST, ACK, CREATE = 1, 4, 0x400
MAIN_TABLE, TO_TABLE = 254, 1
PRIORITY, UID_RANGE = 6, 20
LOCAL, ADDRESS = 2, 1


def attribute(kind, value):
    return struct.pack("HH", 4 + len(value), kind) + value


def ask(kind, flags, body):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.bind((0, 0))
        netlink.send(struct.pack("IHHII", 16 + len(body), kind, REQUEST | ACK | flags, 1, 0) + body)
        (error,) = struct.unpack_from("i", netlink.recv(4096), 16)
        if error:
            raise OSError(-error, "netlink refused")


def rule(kind, flags, family, attributes, table=MAIN_TABLE):
    ask(kind, flags, struct.pack("BBBBBBBBI", family, 0, 0, 0, table, 0, 0, TO_TABLE, 0) + attributes)


uid, address = int(sys.argv[1]), socket.inet_aton(sys.argv[2])
with open("/proc/net/dev") as devices:
    has_network = "eth0" in devices.read()
if not has_network:
    raise SystemExit("there is no network to shut")
for family in (socket.AF_INET, socket.AF_INET6):
    only = attribute(PRIORITY, struct.pack("I", 100)) + attribute(UID_RANGE, struct.pack("II", uid, uid))
    rule(NEW_RULE, CREATE, family, only)
    rule(DELETE_RULE, 0, family, attribute(PRIORITY, struct.pack("I", 32766)))
loopback = socket.if_nametoindex("lo")
body = struct.pack("BBBBI", socket.AF_INET, 32, 0, 0, loopback)
ask(NEW_ADDRESS, CREATE, body + attribute(LOCAL, address) + attribute(ADDRESS, address))
