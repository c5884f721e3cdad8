# What every target of the house has in common: language level, warnings, reproducible floating point.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
# Assertions of the model are MYRIAD_CHECK, always on; assert() of libraries follows the build type.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

find_program(MYRIAD_CCACHE ccache)
if(MYRIAD_CCACHE)
    # Precompiled headers and ccache need the sloppiness, or nothing is ever found again.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        ${MYRIAD_CCACHE})
endif()

add_library(myriad_common INTERFACE)
target_include_directories(myriad_common INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(myriad_common INTERFACE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Woverloaded-virtual -Wdouble-promotion -Wimplicit-fallthrough
    # GCC 12 sees overlaps in std::string concatenation that are not there (its bug 105651); an aggregate whose last
    # members keep their defaults is meant so.
    -Wno-restrict -Wno-missing-field-initializers
    -ffp-contract=off)
if(MYRIAD_SANITIZE)
    target_compile_options(myriad_common INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    target_link_options(myriad_common INTERFACE -fsanitize=address,undefined)
endif()
if(MYRIAD_COVERAGE)
    target_compile_options(myriad_common INTERFACE --coverage -O0)
    target_link_options(myriad_common INTERFACE --coverage)
endif()

# myriad_library(NAME SOURCES a.cpp ... [DEPS target ...])
# One static library a folder; a folder of headers alone becomes an INTERFACE library.
function(myriad_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
    if(ARG_SOURCES)
        add_library(myriad_${name} STATIC ${ARG_SOURCES})
        target_link_libraries(myriad_${name} PUBLIC myriad_common)
        set(scope PUBLIC)
    else()
        add_library(myriad_${name} INTERFACE)
        target_link_libraries(myriad_${name} INTERFACE myriad_common)
        set(scope INTERFACE)
    endif()
    foreach(dep IN LISTS ARG_DEPS)
        target_link_libraries(myriad_${name} ${scope} ${dep})
    endforeach()
endfunction()
