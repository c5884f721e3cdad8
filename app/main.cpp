// The program. SystemC is used as a library: it prints no banner, and a finished run leaves without destroying its
// modules, which would take longer than many a run.

#include "app/cli/cli.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

extern "C" int sc_main(int, char*[]);
int sc_main(int, char*[]) { return 0; }  // libsystemc refers to it

int main(int argc, char** argv) {
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    const int status = myriad::run_command_line(argc, argv, std::cout, std::cerr);
    std::cout.flush();
    std::cerr.flush();
    _exit(std::cout ? status : 1);
}
