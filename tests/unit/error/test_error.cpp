#include "sim/error/error.h"

#include <catch2/catch.hpp>

using namespace myriad;

TEST_CASE("a diagnostic prints file, line and column, or what of them exists") {
    CHECK(Diagnostic{{"pod.yaml", 14, 7}, "unknown key 'x'"}.text() == "pod.yaml:14:7: error: unknown key 'x'");
    CHECK(Diagnostic{{"empty.yaml", 0, 0}, "file is empty"}.text() == "empty.yaml: error: file is empty");
    CHECK(Diagnostic{{}, "unknown command"}.text() == "error: unknown command");
}

TEST_CASE("a user error joins its diagnostics, a line each") {
    const UserError error({{{"a.yaml", 1, 2}, "first"}, {{"a.yaml", 3, 4}, "second"}});
    CHECK(std::string(error.what()) == "a.yaml:1:2: error: first\na.yaml:3:4: error: second");
}

TEST_CASE("did you mean names the nearest word and stays silent when nothing is near") {
    const std::vector<std::string> keys{"bandwidth", "latency", "queue"};
    CHECK(did_you_mean("bandwith", keys) == "; did you mean 'bandwidth'?");
    CHECK(did_you_mean("latnecy", keys) == "; did you mean 'latency'?");  // a swap costs one
    CHECK(did_you_mean("colour", keys).empty());
}
