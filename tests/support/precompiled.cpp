// Empty: CMake makes a rule for the precompiled header only where a source of the target uses it, and main.cpp does not.
