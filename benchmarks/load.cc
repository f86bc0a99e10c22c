/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As load.c by C++ protobuf: parses whole models with the classes of libonnx-dev. */
#include <cstdint>
#include <iostream>

#include <fcntl.h>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <onnx/onnx_pb.h>

int main(int argc, char **argv)
{
    std::uint64_t operators = 0;
    for (int i = 1; i < argc; i++) {
        google::protobuf::io::FileInputStream stream(open(argv[i], O_RDONLY));
        stream.SetCloseOnDelete(true);
        google::protobuf::io::CodedInputStream coded(&stream);
        coded.SetTotalBytesLimit(INT32_MAX);
        onnx::ModelProto model;
        if (!model.ParseFromCodedStream(&coded)) {
            std::cerr << "load: " << argv[i] << ": not parsed\n";
            return 1;
        }
        operators += static_cast<std::uint64_t>(model.graph().node_size());
    }
    std::cout << operators << "\n";
}
