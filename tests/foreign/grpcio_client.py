"""Makes calls with grpcio, Debian's python3-grpcio, and prints what came of them.

Standard input, JSON:  {"address": "127.0.0.1:1", "descriptors": ["base64 of a FileDescriptorProto", ...],
                        "calls": [{"method": "/pkg.Service/Name", "request_type": "pkg.Request", "response_type": "pkg.Response",
                                   "request": {...}, "metadata": {...}, "timeout": 5.0, "compression": "gzip"}, ...]}
Standard output, JSON: [{"code": 0, "details": "", "response": {...}, "headers": {...}}, ...]
All calls go over one connection, one after the other.
"""

import base64
import json
import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf import timestamp_pb2  # noqa: F401  a dependency of the contract, registered by its import

COMPRESSION = {
    None: grpc.Compression.NoCompression,
    "gzip": grpc.Compression.Gzip,
    "deflate": grpc.Compression.Deflate,
}


def message_class(full_name):
    descriptor = descriptor_pool.Default().FindMessageTypeByName(full_name)
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory().GetPrototype(descriptor)


def call(channel, spec):
    request_class = message_class(spec["request_type"])
    response_class = message_class(spec["response_type"])
    method = channel.unary_unary(
        spec["method"],
        request_serializer=request_class.SerializeToString,
        response_deserializer=response_class.FromString,
    )
    request = json_format.ParseDict(spec["request"], request_class())
    try:
        response, outcome = method.with_call(
            request,
            timeout=spec.get("timeout") or 20,
            metadata=list((spec.get("metadata") or {}).items()),
            compression=COMPRESSION[spec.get("compression")],
        )
        response = json_format.MessageToDict(response)
    except grpc.RpcError as error:
        response, outcome = None, error
    return {
        "code": outcome.code().value[0],
        "details": outcome.details() or "",
        "response": response,
        "headers": {name: value for name, value in (outcome.initial_metadata() or ()) if isinstance(value, str)},
    }


def main():
    job = json.load(sys.stdin)
    for descriptor in job["descriptors"]:
        descriptor_pool.Default().AddSerializedFile(base64.b64decode(descriptor))
    options = [("grpc.enable_retries", 0), ("grpc.enable_http_proxy", 0)]
    with grpc.insecure_channel(job["address"], options=options) as channel:
        json.dump([call(channel, spec) for spec in job["calls"]], sys.stdout)


main()
