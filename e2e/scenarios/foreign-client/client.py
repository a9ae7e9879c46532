"""Calls a node's API with a gRPC stack that is not ours, and prints what came back as JSON.

Arguments: descriptor set, endpoint, directory with ca.crt client.crt client.key, then node addresses.
"""
import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, empty_pb2, json_format, message_factory

descriptors, endpoint, pki, *nodes = sys.argv[1:]

pool = descriptor_pool.DescriptorPool()
with open(descriptors, "rb") as file:
    files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
for one in files.file:
    pool.Add(one)
messages = message_factory.MessageFactory(pool)


def kind(name):
    return messages.GetPrototype(pool.FindMessageTypeByName(name))


def read(name):
    with open(f"{pki}/{name}", "rb") as file:
        return file.read()


credentials = grpc.ssl_channel_credentials(read("ca.crt"), read("client.key"), read("client.crt"))
channel = grpc.secure_channel(f"{endpoint}:50000", credentials)


def unary(path, request, reply, metadata=(), timeout=15):
    call = channel.unary_unary(path, request_serializer=lambda m: m.SerializeToString(), response_deserializer=kind(reply).FromString)
    return json_format.MessageToDict(call(request, metadata=metadata, timeout=timeout), descriptor_pool=pool)


def stream(path, request, reply, metadata=(), timeout=15):
    call = channel.unary_stream(path, request_serializer=lambda m: m.SerializeToString(), response_deserializer=kind(reply).FromString)
    return call(request, metadata=metadata, timeout=timeout)


def code_of(action):
    try:
        action()
        return "OK"
    except grpc.RpcError as error:
        return error.code().name


SERVICE = "/machine.MachineService"
empty = kind("google.protobuf.Empty")()
read_request = kind("machine.ReadRequest")
log_request = kind("machine.LogsRequest")

result = {
    "local": unary(f"{SERVICE}/Version", empty, "machine.VersionResponse"),
    "node": [unary(f"{SERVICE}/Version", empty, "machine.VersionResponse", [("node", node)]) for node in nodes],
    "nodes": unary(f"{SERVICE}/Version", empty, "machine.VersionResponse", [("nodes", node) for node in nodes]),
    "with_a_dead_node": unary(
        f"{SERVICE}/Hostname", empty, "machine.HostnameResponse", [("nodes", nodes[0]), ("nodes", "127.0.0.99")]
    ),
    "read": b"".join(m.bytes for m in stream(f"{SERVICE}/Read", read_request(path="/etc/hosts"), "common.Data", [("node", nodes[-1])])).decode(),
    "logs_nodes": sorted(
        {
            m.metadata.hostname
            for m in stream(
                f"{SERVICE}/Logs", log_request(namespace="system", id="machined", tail_lines=3), "common.Data", [("nodes", node) for node in nodes]
            )
        }
    ),
    "codes": {
        "missing file": code_of(lambda: list(stream(f"{SERVICE}/Read", read_request(path="/no/such"), "common.Data"))),
        "two values of node": code_of(
            lambda: unary(f"{SERVICE}/Version", empty, "machine.VersionResponse", [("node", nodes[0]), ("node", nodes[-1])])
        ),
        "not yet implemented": code_of(lambda: unary(f"{SERVICE}/EtcdStatus", empty, "machine.EtcdStatusResponse")),
        "no such method": code_of(lambda: unary(f"{SERVICE}/Nothing", empty, "google.protobuf.Empty")),
        "fan-out of the state": code_of(
            lambda: list(
                stream(
                    "/cosi.resource.State/List",
                    kind("cosi.resource.ListRequest")(namespace="runtime", type="Services.v1alpha1.talos.dev"),
                    "cosi.resource.ListResponse",
                    [("nodes", nodes[0])],
                )
            )
        ),
        "an unreachable node": code_of(lambda: unary(f"{SERVICE}/Version", empty, "machine.VersionResponse", [("node", "127.0.0.99")])),
    },
}
cancelled = stream(f"{SERVICE}/Events", kind("machine.EventsRequest")(), "machine.Event")
next(cancelled)
cancelled.cancel()
result["codes"]["after cancel"] = code_of(lambda: list(cancelled))
print(json.dumps(result))
