# Debian packages; scripts/myriad installs what is missing.

find_package(EXPAT REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)

# The packaged libsystemc exports only the C++17 API symbol; SC_CPLUSPLUS is the documented override that lets
# C++20 code link to it.
find_path(MYRIAD_SYSTEMC_INCLUDE systemc REQUIRED)
find_library(MYRIAD_SYSTEMC_LIBRARY systemc REQUIRED)
add_library(myriad_systemc_headers INTERFACE)
target_include_directories(myriad_systemc_headers SYSTEM INTERFACE ${MYRIAD_SYSTEMC_INCLUDE})
target_compile_definitions(myriad_systemc_headers INTERFACE SC_CPLUSPLUS=201703L)
target_link_libraries(myriad_systemc_headers INTERFACE ${MYRIAD_SYSTEMC_LIBRARY})
