#pragma once
// One function a command. Arguments come parsed; results go to `out`; what is wrong is thrown (UserError, LawError).

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace myriad {

struct RunArguments {
    std::string scenario;
    std::vector<std::string> overrides;  // path=value
    std::string network;                 // empty: as the scenario says
    std::string card;
    std::string out_folder;  // empty: results/<name of the scenario>
    bool json = false;
    bool quiet = false;   // no result folder
    int trace_ranks = 0;  // in trace.json; 0: none is written
    bool no_kernel_cache = false;
    int uncertainty = 0;  // samples over the ranges of assumed values; 0: none
};
void run_command(const RunArguments& arguments, std::ostream& out);

struct ExplainArguments {
    std::string folder;  // of a result
    bool json = false;
};
// What `myriad run` has found out about a training step, in words.
void explain_command(const ExplainArguments& arguments, std::ostream& out);

struct ReportArguments {
    std::string folder;    // of a result
    std::string out_file;  // empty: report.html in the folder
};
void report_command(const ReportArguments& arguments, std::ostream& out);

struct CollectiveArguments {
    std::vector<std::string> clusters;
    std::vector<std::string> overrides;  // of every cluster: path=value
    std::string op = "all_reduce";       // several by commas
    std::string sizes = "8 B:1 GiB:4x";
    std::string algorithm = "automatic";  // several by commas
    std::string network = "packet";
    std::string cell = "1 MiB";
    std::string ranks;       // empty: all cards
    std::string out_folder;  // empty: no result folder; of a single run only
    std::string trace_file;  // empty: no trace; of a single run only
    std::string csv_file;    // likewise a comparison of one
    std::string plot_file;
    int jobs = 0;  // of a comparison: at the same time; 0: one a core
    bool json = false;
};
// One run with its summary; several operations, clusters or algorithms: a comparison.
void collective_command(const CollectiveArguments& arguments, std::ostream& out);

// How points run, of a sweep or a batch.
struct EngineArguments {
    int jobs = 0;          // 0: one a core
    std::string timeout;   // "10min"; empty: none, or as the sweep says
    std::string memory;    // "4GiB"; likewise
    int retries = -1;      // below 0: as the sweep says, or the executor's own number
    std::string executor;  // empty: local
    std::string slurm_options;
    int chunk = 0;
    std::string program;
    bool prepare = false;
    bool prune = false;
    bool quiet = false;
};

struct SweepArguments {
    std::string sweep;
    std::vector<std::string> overrides;
    std::string network;
    std::string card;
    std::string out_folder;  // empty: results/<name of the sweep>
    bool json = false;
    bool no_kernel_cache = false;
    int uncertainty = 0;  // samples of every point; 0: none
    EngineArguments engine;
};
// Failed points are part of the result. The exit status: 0 when a point ran, 2 when none did because of the input, 3 when
// one broke a law, 1 when one crashed or met a limit, 128 + the signal when it was interrupted.
[[nodiscard]] int sweep_command(const SweepArguments& arguments, std::ostream& out);

struct BatchArguments {
    std::vector<std::string> places;  // files, folders, patterns
    std::vector<std::string> overrides;
    std::string network;
    std::string card;
    std::string out_folder;  // empty: results/batch
    bool json = false;
    bool no_kernel_cache = false;
    EngineArguments engine;
};
// Exit status as that of a sweep.
[[nodiscard]] int batch_command(const BatchArguments& arguments, std::ostream& out);

struct PointArguments {
    std::string store;
    std::string index;
    int chunk = 0;  // 0: `index` is a point
    int jobs = 1;
    std::string plan;
    bool scenario = false;
};
// The exit status: 0 when every point of the task has its end in the store, 1 when the host has spoilt one.
[[nodiscard]] int point_command(const PointArguments& arguments, std::ostream& out);

struct ExportArguments {
    std::string store;
    std::string csv_file;
    std::string json_file;
};
void export_command(const ExportArguments& arguments, std::ostream& out);

struct CompareArguments {
    std::vector<std::string> runs;       // result folders or scenario files, two at least
    std::vector<std::string> overrides;  // of the scenarios
    std::string out_folder;              // empty: results/<a>_vs_<b>
    int jobs = 0;                        // scenarios at the same time; 0: one a core
    bool json = false;
    bool no_result = false;
    bool no_kernel_cache = false;
};
void compare_command(const CompareArguments& arguments, std::ostream& out);

struct KernelArguments {
    std::string chip;
    std::map<std::string, std::string> kernels;  // option without its dashes -> its text; one of them
    std::string data_type = "bf16";
    std::vector<std::string> sweeps;  // axis=values
    std::string card = "tile";
    std::vector<std::string> overrides;
    std::string svg_file;
    std::string trace_file;
    std::string vcd_file;
    int trace_cores = 4;
    bool json = false;
};
void kernel_command(const KernelArguments& arguments, std::ostream& out);

struct FidelityArguments {
    std::string scenario;
    std::vector<std::string> overrides;
    std::string network;
    bool json = false;
    bool no_kernel_cache = false;
};
// Runs the scenario at every card level and says how they differ and why.
void fidelity_command(const FidelityArguments& arguments, std::ostream& out);

struct MemoryArguments {
    std::string memory;  // a chip or an HBM preset
    std::vector<std::string> overrides;
    std::string pattern = "seq_rd";
    std::string mix;          // "2:1"; empty: that of the pattern
    std::string stride;       // empty: 4 KiB
    std::string outstanding;  // empty: 2048
    std::string load;         // percent of the peak; empty: as much as is taken
    bool json = false;
};
void memory_command(const MemoryArguments& arguments, std::ostream& out);

struct TopologyArguments {
    std::string cluster;
    std::vector<std::string> overrides;
    std::string svg_file;
    std::string dot_file;
    std::string graphml_file;
    bool json = false;
};
void topology_command(const TopologyArguments& arguments, std::ostream& out);

struct ShowArguments {
    std::string kind;  // empty: lists the kinds
    std::string name;  // empty: lists the names of the kind
    std::vector<std::string> overrides;
    bool json = false;
};
void show_command(const ShowArguments& arguments, std::ostream& out);

void check_command(const std::vector<std::string>& files, bool json, std::ostream& out);

struct SchemaArguments {
    std::string kind;        // a kind of file, or of a result; empty: lists them
    bool reference = false;  // the reference page of all keys (Markdown) instead
};
void schema_command(const SchemaArguments& arguments, std::ostream& out);

}  // namespace myriad
