// One main for all Catch2 executables, compiled once. libsystemc refers to sc_main, so every program defines one.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

extern "C" int sc_main(int, char*[]);
int sc_main(int, char*[]) { return 0; }
