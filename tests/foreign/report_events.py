"""Sends one serialised ReportEventsRequest with grpcio, Debian's python3-grpcio, and prints what came of it.

Arguments: ADDRESS [TOKEN]; standard input: the request's bytes; standard output: the status's number, a line feed, and the
response in hexadecimal digits or the error's message.
"""

import sys

import grpc


def main():
    metadata = [("authorization", "Bearer " + sys.argv[2])] if len(sys.argv) > 2 else []
    with grpc.insecure_channel(sys.argv[1], options=[("grpc.enable_http_proxy", 0)]) as channel:
        report = channel.unary_unary("/runnermetrics.v1.JobEventCollector/ReportEvents")
        try:
            response = report(sys.stdin.buffer.read(), timeout=20, metadata=metadata, compression=grpc.Compression.Gzip)
            print(0, response.hex(), sep="\n")
        except grpc.RpcError as error:
            print(error.code().value[0], error.details(), sep="\n")


main()
