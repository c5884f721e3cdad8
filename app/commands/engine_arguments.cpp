// Options are checked before anything is written.

#include "app/commands/engine_arguments.h"

#include "sim/error/error.h"
#include "sim/progress/progress_line.h"

#include <filesystem>
#include <iostream>
#include <system_error>

namespace myriad {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";

void choose_executor(const EngineArguments& arguments, EngineChoice& choice) {
    const std::string& name = arguments.executor;
    if (name == "slurm") {
        choice.executor = ExecutorKind::slurm;
    } else if (name == "none") {
        choice.executor = ExecutorKind::none;
    } else if (!name.empty() && name != "local") {
        throw UserError("--executor: expected local, slurm or none, found '" + name + "'" +
                        did_you_mean(name, {"local", "slurm", "none"}));
    }
    if (arguments.prepare) {
        if (choice.executor == ExecutorKind::slurm) {
            throw UserError("--prepare leaves the points to you, --executor slurm does not: give one of them");
        }
        choice.executor = ExecutorKind::none;
    }
    const bool slurm = choice.executor == ExecutorKind::slurm;
    const auto of_slurm = [&](bool given, const std::string& option) {
        if (given && !slurm) {
            throw UserError(option + " has no effect without --executor slurm");
        }
    };
    of_slurm(!arguments.slurm_options.empty(), "--slurm-options");
    of_slurm(arguments.chunk > 0, "--chunk");
    of_slurm(!arguments.program.empty(), "--program");
}

}  // namespace

EngineChoice engine_choice(const EngineArguments& arguments) {
    EngineChoice choice;
    const auto time_of = [](const std::string& option, const std::string& text, HostDuration& time) {
        if (text.empty()) {
            return;
        }
        const Parsed<HostDuration> parsed = parse_host_time(text);
        if (!parsed) {
            throw UserError(option + ": " + parsed.problem);
        }
        time = parsed.value;
    };
    time_of("--timeout", arguments.timeout, choice.limits.time);
    if (!arguments.memory.empty()) {
        const Parsed<Bytes> memory = parse_quantity<Bytes>(arguments.memory);
        if (!memory) {
            throw UserError("--memory: " + memory.problem);
        }
        if (memory.value <= Bytes{}) {
            throw UserError("--memory: expected more than nothing, found '" + arguments.memory + "'");
        }
        choice.limits.memory = memory.value;
    }
    choose_executor(arguments, choice);
    if (arguments.retries >= 0) {
        choice.retries = arguments.retries;
    }
    std::error_code error;
    choice.slurm.sbatch_options = arguments.slurm_options;
    choice.slurm.chunk = static_cast<std::size_t>(arguments.chunk);
    choice.slurm.jobs = std::max(1, arguments.jobs);
    choice.slurm.program =
        arguments.program.empty() ? std::filesystem::read_symlink(kThisProgram, error).string() : arguments.program;
    if (!arguments.quiet) {
        choice.slurm.on_message = [](const std::string& text) { std::cerr << text << "\n"; };
    }
    return choice;
}

int exit_status(const std::vector<ChildOutcome>& ends) {
    bool one_ran = false;
    bool one_spoilt = false;
    for (const ChildOutcome end : ends) {
        if (end == ChildOutcome::law_error) {
            return 3;
        }
        one_ran = one_ran || end == ChildOutcome::succeeded;
        one_spoilt = one_spoilt || !is_final(end);
    }
    return one_spoilt ? 1 : one_ran ? 0 : 2;
}

std::string grouped(std::size_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

std::string points_text(std::size_t points, std::size_t reused, std::size_t run, HostDuration elapsed) {
    std::string text = grouped(points) + (points == 1 ? " point in " : " points in ") + duration_text(elapsed);
    if (reused > 0) {
        text += ": " + grouped(reused) + " from earlier runs, " + grouped(run) + " run";
    }
    return text;
}

std::string unused_text(std::size_t unused, bool pruned) {
    return unused == 0 ? std::string{}
                       : "store: " + grouped(unused) +
                             (pruned ? " results that no point uses any more removed\n"
                                     : " results are kept that no point uses any more; --prune removes them\n");
}

std::string interrupted_text(std::size_t finished, std::size_t points) {
    return "interrupted: " + grouped(finished) + " of " + grouped(points) +
           " points are finished and kept; the same command again runs the rest";
}

}  // namespace myriad
