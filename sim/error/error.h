#pragma once
// Three kinds of failure, three ways out of the program (design.md section 7):
//   UserError      the input is wrong: file:line:column: error: ..., exit 2
//   LawError       a law of section 9 is broken, which is a bug of Myriad: exit 3
//   MYRIAD_CHECK   an invariant inside the code is broken: message with place and time, abort

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace myriad {

// A place in an input file; line and column are 1-based, 0 where none exists (empty or binary file).
struct SourceMark {
    std::string file;
    int line = 0;
    int column = 0;
};

// One finding. `message` is lower case, without a full stop, and says found and expected.
struct Diagnostic {
    SourceMark mark;
    std::string message;
    // "file:line:column: error: message", without the parts that do not exist.
    [[nodiscard]] std::string text() const;
};

// The user's input is wrong. Holds at least one diagnostic; readers collect up to 20 before they throw.
class UserError : public std::runtime_error {
public:
    explicit UserError(std::vector<Diagnostic> diagnostics);
    UserError(SourceMark mark, std::string message);
    explicit UserError(std::string message);  // no place in a file: a command-line argument
    [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const noexcept { return diagnostics_; }

private:
    std::vector<Diagnostic> diagnostics_;
};

// A law that holds for every run is broken: `law` is its name, `object` what broke it.
class LawError : public std::runtime_error {
public:
    LawError(std::string_view law, std::string_view object, std::string_view detail);
};

[[noreturn]] void check_failed(const char* expression, const char* file, int line, const std::string& detail);

// " ; did you mean 'x'?" for the nearest candidate within a third of the word's length, else "".
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace myriad

// Always on, in Release too. The detail is evaluated only on failure.
#define MYRIAD_CHECK(expression, detail)                                       \
    do {                                                                       \
        if (!(expression)) [[unlikely]] {                                      \
            ::myriad::check_failed(#expression, __FILE__, __LINE__, (detail)); \
        }                                                                      \
    } while (false)
