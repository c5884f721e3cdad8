// Options and help of every command. CLI11 parses; what it finds wrong is reworded into our form of message.

#include "app/cli/cli.h"

#include "app/cli/command_options.h"
#include "app/cli/kernel_options.h"
#include "app/cli/quiet_output.h"
#include "sim/error/error.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <ostream>

namespace myriad {

void add_overrides(CLI::App& command, std::vector<std::string>& overrides, const std::string& example) {
    command.add_option("--set", overrides, "Put a value over that of the file (repeatable), like " + example)
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
}

CLI::Validator whole_number(int least, int most) {
    return CLI::Validator(
        [least, most](const std::string& text) {
            int value = 0;
            const bool is_number = CLI::detail::lexical_cast(text, value);
            return is_number && value >= least && value <= most
                       ? std::string{}
                       : "expected " + std::to_string(least) + " to " + std::to_string(most) + ", found '" + text + "'";
        },
        "");
}

void add_levels(CLI::App& command, std::string& network, std::string& card) {
    command.add_option("--network", network, "Network level, instead of the scenario's: packet, flow or analytic")
        ->type_name("LEVEL");
    command.add_option("--card", card, "Card level, instead of the scenario's: roofline, tile or live")
        ->type_name("LEVEL");
}

void add_kernel_cache(CLI::App& command, bool& off) {
    command.add_flag("--no-kernel-cache", off, "Neither read nor write simulated kernels of other runs");
}

namespace {

struct CommandLine {
    CLI::App app{"Myriad: a cycle-approximate simulator of AI clusters.", "myriad"};
    RunArguments run;
    CompareArguments compare;
    ExplainArguments explain;
    ReportArguments report;
    CollectiveArguments collective;
    SweepArguments sweep;
    BatchArguments batch;
    PointArguments point;
    ExportArguments export_points;
    KernelArguments kernel;
    FidelityArguments fidelity;
    MemoryArguments memory;
    TopologyArguments topology;
    ShowArguments show;
    SchemaArguments schema;
    std::vector<std::string> check_files;
    bool check_json = false;
    Chosen chosen;
};

// --trace or --trace N
CLI::Option& add_trace(CLI::App& command, int& ranks) {
    constexpr int kRanks = 8;
    constexpr int kRanksMost = 1024;
    return *command
                .add_option_function<int>(
                    "--trace", [&ranks](const int& count) { ranks = count; },
                    "Write trace.json (ui.perfetto.dev) with N ranks, 8 without N")
                ->expected(0, 1)
                ->default_str(std::to_string(kRanks))
                ->check(whole_number(1, kRanksMost))
                ->type_name("[N]");
}

void add_run(CommandLine& line) {
    CLI::App& command = *line.app.add_subcommand("run", "Run one scenario and say how long it takes and why");
    command.add_option("scenario", line.run.scenario, "Scenario file (.yaml)")->required()->type_name("SCENARIO.yaml");
    add_overrides(command, line.run.overrides, "workload.training.plan.micro_batch=2");
    add_levels(command, line.run.network, line.run.card);
    add_kernel_cache(command, line.run.no_kernel_cache);
    command.add_option("--out", line.run.out_folder, "Folder of the result (default: results/<scenario>)")
        ->type_name("DIR");
    CLI::Option* no_result =
        command.add_flag("--no-result", line.run.quiet, "Print only; write no result folder")->excludes("--out");
    add_trace(command, line.run.trace_ranks).excludes(no_result);
    add_uncertainty(command, line.run.uncertainty,
                    "Run N samples over the ranges of what the scenario assumes, 64 without N: P5, P50, P95");
    command.add_flag("--json", line.run.json, "Print the result as JSON");
    command.add_flag("-q,--quiet", kQuietHelp);
    command.footer(
        "Examples:\n  myriad run scenarios/quickstart.yaml\n"
        "  myriad run scenarios/quickstart.yaml --network analytic --set workload.training.plan.zero_stage=0\n"
        "  myriad run scenarios/quickstart.yaml --trace 4\n"
        "  myriad run scenarios/quickstart.yaml --json --no-result | python3 -m json.tool");
    command.callback([&line] {
        line.chosen = [&line](std::ostream& out) {
            run_command(line.run, out);
            return 0;
        };
    });
}

void add_collective(CommandLine& line) {
    CLI::App& command = *line.app.add_subcommand("collective", "Time a collective over sizes: the nccl-tests table");
    CollectiveArguments& arguments = line.collective;
    command.add_option("cluster", arguments.clusters, "Cluster: a name (ppu-16) or a file (.yaml); several: compared")
        ->required()
        ->type_name("CLUSTER");
    command
        .add_option("--op", arguments.op, "all_reduce, or another operation of docs/collectives.md; a list by commas")
        ->capture_default_str()
        ->type_name("OP");
    command.add_option("--sizes", arguments.sizes, "One size, a list '1MiB,1GiB' or a range '8B:8GiB:2x'")
        ->capture_default_str()
        ->type_name("SIZES");
    command
        .add_option("--algorithm", arguments.algorithm,
                    "automatic (auto), an algorithm of docs/collectives.md or a schedule of your own (FILE.yaml); a "
                    "list by commas")
        ->capture_default_str()
        ->type_name("NAME");
    command.add_option("--ranks", arguments.ranks, "The first N cards take part (default: all)")->type_name("N");
    command.add_option("--network", arguments.network, "Network level: packet, flow or analytic")
        ->capture_default_str()
        ->type_name("LEVEL");
    command.add_option("--cell", arguments.cell, "Payload of a packet at packet level")
        ->capture_default_str()
        ->type_name("SIZE");
    add_overrides(command, arguments.overrides, "server.wiring.recipe=ring");
    command.add_option("--out", arguments.out_folder, "Write the result into this folder; of a single run")
        ->type_name("DIR");
    command
        .add_option("--trace", arguments.trace_file,
                    "Write what 8 of the ranks and the links do over time, for ui.perfetto.dev; of a single run")
        ->type_name("FILE.json");
    command.add_option("--csv", arguments.csv_file, "Write the table of a comparison as CSV")->type_name("FILE");
    command.add_option("--plot", arguments.plot_file, "Draw bus bandwidth over size")->type_name("FILE.svg");
    command.add_option("-j,--jobs", arguments.jobs, "Runs of a comparison at the same time (default: one a core)")
        ->check(whole_number(1, 1024))
        ->type_name("N");
    command.add_flag("--json", arguments.json, "Print the result as JSON");
    command.add_flag("-q,--quiet", kQuietHelp);
    command.footer(
        "Examples:\n  myriad collective ppu-16 --op all_reduce --sizes 8B:1GiB:4x\n"
        "  myriad collective ppu-16 --algorithm ring,direct,auto --sizes 1KiB:1GiB:4x --plot busbw.svg\n"
        "  myriad collective h100-8 ppu-8 --op all_reduce,all_to_all --network analytic --csv table.csv\n"
        "  myriad collective configs/clusters/ppu-16384.yaml --op all_reduce --sizes 1GiB\n"
        "  myriad collective ppu-8 --op all_to_all --sizes 64MiB --network analytic");
    command.callback([&line] {
        line.chosen = [&line](std::ostream& out) {
            collective_command(line.collective, out);
            return 0;
        };
    });
}

void add_fidelity(CommandLine& line) {
    CLI::App& command =
        *line.app.add_subcommand("fidelity", "Run a scenario at every card level and say what differs and why");
    command
        .add_option("scenario", line.fidelity.scenario, "Scenario file (.yaml) of training, inference or an overlap")
        ->required()
        ->type_name("SCENARIO.yaml");
    add_overrides(command, line.fidelity.overrides, "fidelity.interference=off");
    command.add_option("--network", line.fidelity.network, "Network level of all: packet, flow or analytic")
        ->type_name("LEVEL");
    add_kernel_cache(command, line.fidelity.no_kernel_cache);
    command.add_flag("--json", line.fidelity.json, "Print as JSON");
    command.add_flag("-q,--quiet", kQuietHelp);
    command.footer(
        "Examples:\n  myriad fidelity scenarios/quickstart.yaml\n"
        "  myriad fidelity scenarios/quickstart.yaml --network analytic --set fidelity.interference=off\n"
        "  myriad fidelity scenarios/live_peer_copy.yaml");
    command.callback([&line] {
        line.chosen = [&line](std::ostream& out) {
            fidelity_command(line.fidelity, out);
            return 0;
        };
    });
}

void add_topology(CommandLine& line) {
    CLI::App& command = *line.app.add_subcommand("topology", "Counts, bisection, distances and pictures of a cluster");
    command.add_option("cluster", line.topology.cluster, "Cluster: a name (ppu-16) or a file (.yaml)")
        ->required()
        ->type_name("CLUSTER");
    add_overrides(command, line.topology.overrides, "server.wiring.recipe=ring");
    command.add_option("--svg", line.topology.svg_file, "Draw it into this SVG file")->type_name("FILE");
    command.add_option("--dot", line.topology.dot_file, "Write it as Graphviz DOT into this file")->type_name("FILE");
    command.add_option("--graphml", line.topology.graphml_file, "Write it as GraphML into this file")
        ->type_name("FILE");
    command.add_flag("--json", line.topology.json, "Print as JSON");
    command.footer("Examples:\n  myriad topology ppu-16 --svg ppu-16.svg\n  myriad topology ppu-16384");
    command.callback([&line] {
        line.chosen = [&line](std::ostream& out) {
            topology_command(line.topology, out);
            return 0;
        };
    });
}

void add_show(CommandLine& line) {
    CLI::App& command =
        *line.app.add_subcommand("show", "Print a memory, chip, server, fabric, cluster or LLM with its sources");
    command.add_option("kind", line.show.kind, "hbm, chip, server, fabric, cluster or llm (none: list all)")
        ->type_name("KIND");
    command.add_option("name", line.show.name, "Name or file (none: list the names)")->type_name("NAME");
    add_overrides(command, line.show.overrides, "clock='1.5 GHz'");
    command.add_flag("--json", line.show.json, "Print as JSON");
    command.footer(
        "Examples:\n  myriad show chip zhenwu-810e\n  myriad show llm qwen3-32b --json\n  myriad show cluster");
    command.callback([&line] {
        line.chosen = [&line](std::ostream& out) {
            show_command(line.show, out);
            return 0;
        };
    });
}

void add_check(CommandLine& line) {
    CLI::App& command = *line.app.add_subcommand("check", "Read files of any kind and say what is wrong with them");
    command.add_option("files", line.check_files, "Files (.yaml)")->required()->type_name("FILE");
    command.add_flag("--json", line.check_json, "Print as JSON");
    command.footer("Example:\n  myriad check scenarios/*.yaml configs/*/*.yaml");
    command.callback([&line] {
        line.chosen = [&line](std::ostream& out) {
            check_command(line.check_files, line.check_json, out);
            return 0;
        };
    });
}

void add_schema(CommandLine& line) {
    CLI::App& command = *line.app.add_subcommand("schema", "Print the JSON Schema of a kind of file, for editors");
    command.add_option("kind", line.schema.kind, "Kind of file or of result (none: list them)")->type_name("KIND");
    command.add_flag("--reference", line.schema.reference, "Print the reference page of every key (Markdown) instead");
    command.footer("Examples:\n  myriad schema scenario > scenario.schema.json\n  myriad schema --reference > keys.md");
    command.callback([&line] {
        line.chosen = [&line](std::ostream& out) {
            schema_command(line.schema, out);
            return 0;
        };
    });
}

void add_commands(CommandLine& line) {
    line.app.require_subcommand(0, 1);
    line.app.set_version_flag("--version", "myriad " MYRIAD_VERSION);
    line.app.footer(
        "Examples:\n  myriad run scenarios/quickstart.yaml\n  myriad collective ppu-16 --op all_reduce\n"
        "  myriad COMMAND --help\n\n"
        "Exit status: 0 good, 2 something is wrong with the input, 3 a law of the simulation is broken.");
    add_run(line);
    add_compare(line.app, line.compare, line.chosen);
    add_explain(line.app, line.explain, line.chosen);
    add_report(line.app, line.report, line.chosen);
    add_collective(line);
    add_sweep(line.app, line.sweep, line.chosen);
    add_batch(line.app, line.batch, line.chosen);
    add_point(line.app, line.point, line.chosen);
    add_export(line.app, line.export_points, line.chosen);
    add_kernel(line.app, line.kernel, line.chosen);
    add_fidelity(line);
    add_memory(line.app, line.memory, line.chosen);
    add_topology(line);
    add_show(line);
    add_check(line);
    add_schema(line);
}

// The first word that is not an option is the command; a mistyped one gets a suggestion.
void check_command_word(const CommandLine& line, int argc, char** argv) {
    if (argc < 2 || argv[1][0] == '-') {
        return;
    }
    std::vector<std::string> names;
    for (const CLI::App* command : line.app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    const std::string word = argv[1];
    if (std::find(names.begin(), names.end(), word) == names.end()) {
        std::string list;
        for (const std::string& name : names) {
            list += (list.empty() ? "" : ", ") + name;
        }
        const std::string meant = did_you_mean(word, names);
        throw UserError("unknown command '" + word + "', expected one of " + list +
                        (meant.empty() ? "; 'myriad --help' says what they do" : meant));
    }
}

const CLI::App& chosen_command(const CommandLine& line) {
    const auto chosen = line.app.get_subcommands();
    return chosen.empty() ? line.app : *chosen.front();
}

// The option that a message of CLI11 is about: the one whose name it begins or ends with.
const CLI::Option* option_in(const CLI::App& command, const std::string& message) {
    for (const CLI::Option* option : command.get_options()) {
        const std::string name = option->get_name();
        if (message.starts_with(name + " ") || message.starts_with(name + ":") ||
            message.find(": " + name + " = ") != std::string::npos) {
            return option;
        }
    }
    return nullptr;
}

// `words` are what the command could not take, in their order.
UserError unexpected(const CommandLine& line, const std::vector<std::string>& words) {
    const CLI::App& command = chosen_command(line);
    const auto option =
        std::find_if(words.begin(), words.end(), [](const std::string& w) { return w.starts_with("-"); });
    if (option == words.end()) {
        return UserError("unexpected argument '" + words.front() + "'; 'myriad " + command.get_name() +
                         " --help' says what there is");
    }
    const std::string name = option->substr(0, option->find('='));
    std::vector<std::string> options;
    for (const CLI::Option* known : command.get_options()) {
        if (!known->get_lnames().empty()) {
            options.push_back("--" + known->get_lnames().front());
        }
    }
    if (std::find(options.begin(), options.end(), name) != options.end()) {
        return UserError("'" + name + "' stands before the command; expected 'myriad " + command.get_name() + " ... " +
                         name + "'");
    }
    return UserError("unknown option '" + name + "'" + did_you_mean(name, options));
}

// CLI11's sentences are not ours: they start with a capital and say neither what was expected nor where to look.
UserError reworded(const CommandLine& line, const CLI::ParseError& error) {
    std::string message = error.what();
    const CLI::App& command = chosen_command(line);
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
        return unexpected(line, line.app.remaining(true));
    }
    if (const CLI::Option* option = option_in(command, message)) {
        const std::string type = option->get_type_name();
        if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
            return UserError("expected " + type + "; 'myriad " + command.get_name() + " --help' has examples");
        }
        if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
            return UserError("expected " + type + " after " + option->get_name());
        }
        if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
            return UserError(option->get_name() + ": " + message.substr(message.find(": ") + 2));
        }
    }
    if (!message.empty()) {
        message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
    }
    return UserError(message);
}

// An empty value is a shell variable that was not set; taking it for "not given" would do something else than asked.
void refuse_empty_values(const CLI::App& command) {
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& value : option->results()) {
            if (value.empty()) {
                throw UserError("expected " + option->get_type_name() +
                                (option->get_positional() ? "" : " after " + option->get_name()) + ", found nothing");
            }
        }
    }
}

int parse_and_run(CommandLine& line, int argc, char** argv, std::ostream& out) {
    check_command_word(line, argc, argv);
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        out << line.app.help();
        return 0;
    } catch (const CLI::CallForVersion&) {
        out << "myriad " MYRIAD_VERSION "\n";
        return 0;
    } catch (const CLI::ParseError& error) {
        throw reworded(line, error);
    }
    refuse_empty_values(chosen_command(line));
    if (!line.chosen) {
        out << line.app.help();
        return 0;
    }
    const CLI::Option* quiet = chosen_command(line).get_option_no_throw("--quiet");
    if (quiet == nullptr || quiet->count() == 0) {
        return line.chosen(out);
    }
    QuietOutput folders(out);
    return line.chosen(folders.stream());
}

}  // namespace

int run_command_line(int argc, char** argv, std::ostream& out, std::ostream& err) {
    CommandLine line;
    add_commands(line);
    try {
        return parse_and_run(line, argc, argv, out);
    } catch (const UserError& error) {
        err << error.what() << "\n";
        return 2;
    } catch (const LawError& error) {
        err << error.what() << "\n";
        return 3;
    } catch (const std::exception& error) {
        err << "error: " << error.what() << "\n";
        return 1;
    }
}

}  // namespace myriad
