"""Plays cluster DNS for one process of the embedded environment.

Python loads this module at its start because the kubelet puts the folder on PYTHONPATH. Names of Services and of pods
behind headless Services come from the file named by CLUSTER_DNS_FILE, which the kubelet keeps up to date; localhost is
the pod's own address, as in a pod; every other name goes to the system's resolver.
"""

import json
import os
import random
import socket

_FILE = os.environ["CLUSTER_DNS_FILE"]
_NAMESPACE = os.environ["CLUSTER_DNS_NAMESPACE"]
_SELF = os.environ["CLUSTER_DNS_SELF"]
_system_getaddrinfo = socket.getaddrinfo
_cache = (None, {})


def _names():
    global _cache
    stamp = os.stat(_FILE).st_mtime_ns
    if _cache[0] != stamp:
        with open(_FILE, encoding="utf-8") as file:
            _cache = (stamp, json.load(file))
    return _cache[1]


def _resolved(host):
    """An address of a cluster name, the host itself when it is none."""
    if isinstance(host, bytes):
        host = host.decode("ascii")
    if not isinstance(host, str):
        return host
    if host == "localhost":
        return _SELF
    name = host.rstrip(".").removesuffix(".cluster.local")
    names = _names()
    for candidate in (name, f"{name}.{_NAMESPACE}.svc", f"{name}.svc"):
        if names.get(candidate):
            return random.choice(names[candidate])
    if name.endswith(".svc"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return host


def _getaddrinfo(host, *args, **kwargs):
    return _system_getaddrinfo(_resolved(host), *args, **kwargs)


socket.getaddrinfo = _getaddrinfo


class _Socket(socket.socket):
    """A socket resolves the host of its address in C, past getaddrinfo."""

    def connect(self, address):
        return super().connect(_resolved_address(address))

    def connect_ex(self, address):
        return super().connect_ex(_resolved_address(address))


def _resolved_address(address):
    return (_resolved(address[0]), *address[1:]) if isinstance(address, tuple) else address


socket.socket = _Socket

try:
    import uvloop
except ImportError:
    pass
else:
    # uvloop resolves in C, past the socket module.
    class _Loop(uvloop.Loop):
        async def getaddrinfo(self, host, port, **kwargs):
            return await super().getaddrinfo(_resolved(host), port, **kwargs)

        async def create_connection(self, protocol_factory, host=None, port=None, **kwargs):
            return await super().create_connection(protocol_factory, _resolved(host), port, **kwargs)

    uvloop.Loop = _Loop
