// The files say what they are in their first lines.

#include "tests/validation/training/measured_steps.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <stdexcept>

namespace myriad::accuracy {
namespace {

constexpr const char* kModel = "workload.training.model.";
constexpr const char* kPlan = "workload.training.plan.";

std::int64_t whole(const CsvRecord& record, const std::string& column) { return std::stoll(record.at(column)); }

class Row {
public:
    explicit Row(StepCase about) : case_(std::move(about)) {}
    Row& set(const std::string& path, std::int64_t value) {
        case_.overrides.push_back(fmt::format("{}={}", path, value));
        return *this;
    }
    Row& set(const std::string& path, const std::string& value) {
        case_.overrides.push_back(path + "=" + value);
        return *this;
    }
    Row& model(const std::string& key, std::int64_t value) { return set(kModel + key, value); }
    template <class T>
    Row& plan(const std::string& key, const T& value) {
        return set(kPlan + key, value);
    }
    // GPT: heads of h / a channels, 4 h wide in between.
    Row& gpt(std::int64_t layers, std::int64_t hidden, std::int64_t heads) {
        return model("layers", layers)
            .model("hidden", hidden)
            .model("heads", heads)
            .model("kv_heads", heads)
            .model("head_dim", hidden / heads)
            .model("ffn", 4 * hidden);
    }
    Row& parallel(std::int64_t tensor, std::int64_t pipeline, std::int64_t data) {
        return plan("tensor_parallel", tensor).plan("pipeline_parallel", pipeline).plan("data_parallel", data);
    }
    Row& batch(std::int64_t micro, std::int64_t global) {
        return plan("micro_batch", micro).plan("global_batch", global);
    }
    Row& interleaved(std::int64_t chunks) {
        return chunks > 1 ? plan("schedule", std::string("interleaved")).plan("virtual_stages", chunks) : *this;
    }
    [[nodiscard]] StepCase done() const { return case_; }

private:
    StepCase case_;
};

// An iteration takes F / (TFLOP/s a card x cards) with F as the paper counts it, the second forward pass included.
StepCase megatron(const CsvRecord& r) {
    const auto layers = whole(r, "layers");
    const auto hidden = whole(r, "hidden");
    const auto cards = whole(r, "gpus");
    const auto batch = whole(r, "global_batch");
    const auto h = static_cast<double>(hidden);
    const auto l = static_cast<double>(layers);
    const double flop =
        96.0 * static_cast<double>(batch) * 2048.0 * l * h * h * (1.0 + 2048.0 / (6.0 * h) + 51200.0 / (16.0 * l * h));
    StepCase about{"megatron_sc21", fmt::format("{} B on {}", r.at("params_B"), cards), "measured/megatron_sc21"};
    about.measured = flop / (std::stod(r.at("achieved_TFLOPs_per_gpu")) * 1e12 * static_cast<double>(cards));
    about.slow = true;
    const auto pipeline = whole(r, "PP");
    const std::string& chunk = r.at("layers_per_virtual_stage");
    Row row(about);
    row.set("cluster.servers", cards / 8)
        .gpt(layers, hidden, whole(r, "heads"))
        .parallel(whole(r, "TP"), pipeline, whole(r, "derived_DP"))
        .batch(whole(r, "microbatch"), batch);
    return row.interleaved(chunk.empty() ? 1 : layers / pipeline / std::stoll(chunk)).done();
}

// Two columns of times: everything recomputed without sequence parallelism, and the paper's own way.
std::vector<StepCase> korthikanti(const CsvRecord& r) {
    std::vector<StepCase> cases;
    for (const bool full : {true, false}) {
        StepCase about{"korthikanti", r.at("model") + (full ? ", full" : ", selective"), "measured/korthikanti"};
        about.measured = std::stod(r.at(full ? "iter_full_recompute_s" : "iter_present_s"));
        about.slow = whole(r, "gpus") > 8;
        Row row(about);
        row.set("cluster.servers", whole(r, "gpus") / 8)
            .gpt(whole(r, "layers"), whole(r, "hidden"), whole(r, "heads"))
            .parallel(8, whole(r, "PP"), 1)
            .batch(whole(r, "microbatch"), whole(r, "global_batch"));
        row.plan("recompute", std::string(full ? "full" : "selective"));
        row.plan("sequence_parallel", std::string(full ? "false" : "true"));
        const std::string& chunks = r.at("interleave_m");
        cases.push_back(row.interleaved(chunks.empty() ? 1 : std::stoll(chunks)).done());
    }
    return cases;
}

StepCase korthikanti_layer(const CsvRecord& r) {
    const std::string& variant = r.at("variant");
    StepCase about{"korthikanti_layer", variant, "measured/korthikanti"};
    about.measured = std::stod(r.at("combined_ms")) * 1e-3;
    about.part = StepPart::layer;
    const bool sequence = variant.find("sequence_parallel") != std::string::npos;
    std::string recompute = "none";
    for (const char* word : {"full", "selective"}) {
        recompute = variant.find(word) != std::string::npos ? word : recompute;
    }
    return Row(about)
        .plan("sequence_parallel", std::string(sequence ? "true" : "false"))
        .plan("recompute", recompute)
        .done();
}

StepCase vtrain(const CsvRecord& r, std::size_t number) {
    const auto tensor = whole(r, "tensor parallelism");
    const auto data = whole(r, "data parallelism");
    const auto pipeline = whole(r, "pipeline parallelism");
    StepCase about{"vtrain",
                   fmt::format("h {} l {} b {} of {} tp {} dp {} pp {}", r.at("hidden size"), r.at("# layers"),
                               r.at("micro batch"), r.at("global batch"), tensor, data, pipeline),
                   "measured/vtrain_node"};
    about.measured = std::stod(r.at("iteration time (ms)")) * 1e-3;
    about.fitted = number % 2 == 0;
    const auto sequence = whole(r, "sequence length");
    return Row(about)
        .set("cluster.server.cards", whole(r, "GPUs"))
        .set("cluster.server.nics.count", whole(r, "GPUs"))
        .gpt(whole(r, "# layers"), whole(r, "hidden size"), whole(r, "attention heads"))
        .model("max_position", sequence)
        .plan("sequence_length", sequence)
        .parallel(tensor, pipeline, data)
        .batch(whole(r, "micro batch"), whole(r, "global batch"))
        .done();
}

struct Table {
    const char* name;
    const char* file;
};
constexpr Table kTables[] = {{"megatron_sc21", "megatron_sc21_table1"},
                             {"korthikanti", "korthikanti2022_table5_iteration_time"},
                             {"korthikanti_layer", "korthikanti2022_table4_layer_time"},
                             {"vtrain", "vtrain_ground_truth_single_sample"}};

void add_cases(const std::string& table, const CsvRecord& record, std::size_t number, std::vector<StepCase>& cases) {
    if (table == "megatron_sc21") {
        cases.push_back(megatron(record));
    } else if (table == "korthikanti") {
        const std::vector<StepCase> both = korthikanti(record);
        cases.insert(cases.end(), both.begin(), both.end());
    } else if (table == "korthikanti_layer") {
        cases.push_back(korthikanti_layer(record));
    } else {
        cases.push_back(vtrain(record, number));
    }
}

}  // namespace

const std::vector<std::string>& step_tables() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Table& table : kTables) {
            all.emplace_back(table.name);
        }
        return all;
    }();
    return names;
}

std::vector<StepCase> read_measured_steps(const std::string& folder, const std::string& table) {
    std::vector<StepCase> cases;
    for (const Table& known : kTables) {
        if (table == known.name) {
            const std::vector<CsvRecord> records = csv_records(folder + "/" + known.file + ".csv");
            for (std::size_t number = 0; number < records.size(); ++number) {
                add_cases(table, records[number], number, cases);
            }
        }
    }
    return cases;
}

std::vector<StepCase> read_step_cases(const std::string& path) {
    const YAML::Node root = YAML::LoadFile(path);
    const auto table = root["table"].as<std::string>();
    const auto columns = root["columns"].as<std::vector<std::string>>();
    std::vector<StepCase> cases;
    for (const YAML::Node& line : root["rows"]) {
        const auto cells = line.as<std::vector<std::string>>();
        if (cells.size() != columns.size() + 1) {
            throw std::runtime_error(path + ": a row is its number in the table and one value a column");
        }
        CsvRecord record;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            record[columns[i]] = cells[i + 1];
        }
        add_cases(table, record, std::stoul(cells[0]), cases);
    }
    return cases;
}

}  // namespace myriad::accuracy
