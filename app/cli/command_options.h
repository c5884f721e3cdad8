#pragma once
// Options of commands that stand in files of their own. Each adds its subcommand, fills `arguments` and says in `chosen`
// what is to be done; cli.cpp parses, words errors and runs.

#include "app/commands/commands.h"

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
class Validator;
}  // namespace CLI

namespace myriad {

using Chosen = std::function<int(std::ostream&)>;

// --set PATH=VALUE, repeatable.
void add_overrides(CLI::App& command, std::vector<std::string>& overrides, const std::string& example);

// --uncertainty [N], 64 without N; `what` is its line of help.
CLI::Option& add_uncertainty(CLI::App& command, int& samples, const std::string& what);
// --network and --card.
void add_levels(CLI::App& command, std::string& network, std::string& card);
void add_kernel_cache(CLI::App& command, bool& off);

// As CLI::Range, but with a message like those of files.
[[nodiscard]] CLI::Validator whole_number(int least, int most);

void add_compare(CLI::App& app, CompareArguments& arguments, Chosen& chosen);
void add_explain(CLI::App& app, ExplainArguments& arguments, Chosen& chosen);
void add_report(CLI::App& app, ReportArguments& arguments, Chosen& chosen);
void add_memory(CLI::App& app, MemoryArguments& arguments, Chosen& chosen);
void add_sweep(CLI::App& app, SweepArguments& arguments, Chosen& chosen);
void add_batch(CLI::App& app, BatchArguments& arguments, Chosen& chosen);
void add_point(CLI::App& app, PointArguments& arguments, Chosen& chosen);
void add_export(CLI::App& app, ExportArguments& arguments, Chosen& chosen);

}  // namespace myriad
