// As CLI::Range, but worded as the readers of files do.

#include "app/cli/validators.h"

#include "sim/units/quantity_text.h"

namespace myriad {

std::function<std::string(const std::string&)> whole_number(int least, int most) {
    return [least, most](const std::string& text) {
        const Parsed<std::int64_t> number = parse_integer(text);
        return number && number.value >= least && number.value <= most
                   ? std::string{}
                   : "expected " + std::to_string(least) + " to " + std::to_string(most) + ", found '" + text + "'";
    };
}

}  // namespace myriad
