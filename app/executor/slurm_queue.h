#pragma once
// Slurm as its commands show it: sbatch, squeue, scancel, scontrol. No accounting (sacct) is asked for.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace myriad {

// A task of an array that waits or runs.
struct SlurmTask {
    std::string job;        // of the array
    std::size_t index = 0;  // in the array
    bool runs = false;
    std::string comment;  // as submitted
};

class SlurmQueue {
public:
    // `name` is that of all jobs of one store.
    explicit SlurmQueue(std::string name) : name_(std::move(name)) {}

    // Number of the job; throws UserError with what sbatch said.
    [[nodiscard]] std::string submit(const std::vector<std::string>& options, const std::vector<std::size_t>& indices,
                                     const std::string& comment, const std::vector<std::string>& script) const;
    // Nothing while the controller does not answer.
    [[nodiscard]] std::optional<std::vector<SlurmTask>> tasks() const;
    void cancel(const std::vector<std::string>& jobs) const;
    // Indices of an array are below this.
    [[nodiscard]] std::size_t array_max() const;

private:
    std::string name_;
};

// "0-3,7": ascending indices as sbatch takes them.
[[nodiscard]] std::string array_text(const std::vector<std::size_t>& indices);
// "--partition=p --comment='a b'" as words; quotes keep blanks.
[[nodiscard]] std::vector<std::string> split_words(const std::string& text);

}  // namespace myriad
