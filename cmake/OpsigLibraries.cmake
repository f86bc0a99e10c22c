# Foreign libraries, as Debian packages them. A folder of src/ links only those that
# tests/check_layers.sh lets it include.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PROTOBUF_C REQUIRED IMPORTED_TARGET libprotobuf-c)
pkg_check_modules(IGRAPH REQUIRED IMPORTED_TARGET igraph)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(LIBMD REQUIRED IMPORTED_TARGET libmd)
pkg_check_modules(RMATH REQUIRED IMPORTED_TARGET libRmath)
find_program(PROTOC_C protoc-c REQUIRED)
find_package(Threads REQUIRED)
