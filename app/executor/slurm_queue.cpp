// The commands are what every cluster has; what they print is asked for in a form of our own (--format).

#include "app/executor/slurm_queue.h"

#include "sim/error/error.h"
#include "sim/process/program.h"

#include <sstream>

namespace myriad {
namespace {

std::string first_words(std::string text) {
    text.erase(text.find_last_not_of(" \n\r\t") + 1);
    return text;
}

[[noreturn]] void refuse(const std::string& program, const ProgramResult& result) {
    if (!result.found) {
        throw UserError("--executor slurm: no program '" + program +
                        "' found; is this a login node of a Slurm cluster?");
    }
    throw UserError(program + " left with status " + std::to_string(result.status) + ": " +
                    first_words(result.err.empty() ? result.out : result.err));
}

std::optional<std::size_t> number_in(const std::string& text) {
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    return std::stoull(text);
}

}  // namespace

std::string array_text(const std::vector<std::size_t>& indices) {
    std::string text;
    for (std::size_t i = 0; i < indices.size();) {
        std::size_t last = i;
        while (last + 1 < indices.size() && indices[last + 1] == indices[last] + 1) {
            ++last;
        }
        text += (text.empty() ? "" : ",") + std::to_string(indices[i]);
        text += last > i ? "-" + std::to_string(indices[last]) : "";
        i = last + 1;
    }
    return text;
}

std::vector<std::string> split_words(const std::string& text) {
    std::vector<std::string> words;
    char quote = 0;
    bool in_word = false;
    for (const char c : text) {
        if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
            in_word = false;
            continue;
        }
        if (!in_word) {
            words.emplace_back();
            in_word = true;
        }
        if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else if (c == quote) {
            quote = 0;
        } else {
            words.back() += c;
        }
    }
    if (quote != 0) {
        throw UserError(std::string("--slurm-options: a quote ") + quote + " is not closed");
    }
    return words;
}

std::string SlurmQueue::submit(const std::vector<std::string>& options, const std::vector<std::size_t>& indices,
                               const std::string& comment, const std::vector<std::string>& script) const {
    std::vector<std::string> words{"sbatch", "--parsable", "--job-name=" + name_, "--comment=" + comment,
                                   "--array=" + array_text(indices)};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), script.begin(), script.end());
    const ProgramResult result = run_program(words);
    if (!result.good()) {
        refuse("sbatch", result);
    }
    return result.out.substr(0, result.out.find_first_of(";\n"));  // "12;cluster"
}

std::optional<std::vector<SlurmTask>> SlurmQueue::tasks() const {
    const ProgramResult result =
        run_program({"squeue", "--noheader", "--array", "--name=" + name_, "--format=%F|%K|%T|%k"});
    if (!result.found) {
        refuse("squeue", result);
    }
    if (!result.good()) {
        return std::nullopt;
    }
    std::vector<SlurmTask> tasks;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells(line);
        SlurmTask task;
        std::string index;
        std::string state;
        std::getline(cells, task.job, '|');
        std::getline(cells, index, '|');
        std::getline(cells, state, '|');
        std::getline(cells, task.comment);
        if (const std::optional<std::size_t> number = number_in(index)) {
            task.index = *number;
            task.runs = state != "PENDING";
            tasks.push_back(std::move(task));
        }
    }
    return tasks;
}

void SlurmQueue::cancel(const std::vector<std::string>& jobs) const {
    std::vector<std::string> words{"scancel"};
    words.insert(words.end(), jobs.begin(), jobs.end());
    if (!jobs.empty()) {
        static_cast<void>(run_program(words));  // a job that has ended meanwhile is no mistake
    }
}

std::size_t SlurmQueue::array_max() const {
    constexpr std::size_t kDefault = 1001;  // of Slurm
    const ProgramResult result = run_program({"scontrol", "show", "config"});
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("MaxArraySize")) {
            return number_in(line.substr(line.find_last_of(" =") + 1)).value_or(kDefault);
        }
    }
    return kDefault;
}

}  // namespace myriad
