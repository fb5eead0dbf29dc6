"""A collector in grpcio for our client to call: grpcjs_server.js's twin, in bytes alone, with no message classes.

Prints its port on one line, and stops when its standard input closes. It answers with the very bytes it got; a request of
no bytes is refused.
"""

import concurrent.futures
import sys

import grpc

MESSAGE = "Datenträger voll: 100 %\n日本語 🚀"


def echo(request, context):
    if not request:
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, MESSAGE)
    return request


class Collector(grpc.GenericRpcHandler):
    def service(self, handler_call_details):
        return grpc.unary_unary_rpc_method_handler(echo)


server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=2), compression=grpc.Compression.Gzip)
server.add_generic_rpc_handlers((Collector(),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(None)
