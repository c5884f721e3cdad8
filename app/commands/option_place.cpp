// Places of values in made-up text, put back to the command line.

#include "app/commands/option_place.h"

#include <algorithm>

namespace myriad {

UserError told_by_option(const UserError& error, const std::vector<OptionPlace>& places) {
    std::vector<Diagnostic> told = error.diagnostics();
    for (Diagnostic& diagnostic : told) {
        const auto place = std::find_if(places.begin(), places.end(), [&](const OptionPlace& candidate) {
            return candidate.file == diagnostic.mark.file &&
                   (candidate.line == 0 || candidate.line == diagnostic.mark.line);
        });
        if (place != places.end()) {
            diagnostic.mark = SourceMark{place->option, 0, 0};
        }
    }
    return UserError(std::move(told));
}

}  // namespace myriad
