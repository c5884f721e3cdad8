// The CSV files of the reference folder: their columns as extents. The first lines of each file say what it is.

#include "tests/validation/csv_records.h"
#include "tests/validation/kernels/measured_rows.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

namespace myriad::accuracy {
namespace {

std::int64_t whole(const CsvRecord& record, const char* column) { return std::stoll(record.at(column)); }

class Reader {
public:
    Reader(std::string folder, std::string chip) : folder_(std::move(folder)), chip_(std::move(chip)) {}

    void gemm() {
        for (const CsvRecord& r : csv_records(folder_ + "/aiconfigurator_gemm_" + chip_ + "_sample.csv")) {
            const std::string& type = r.at("gemm_dtype");
            if (type == "bfloat16" || type == "fp8") {  // block-scaled fp8 scales every 128 of k in software
                add(type == "fp8" ? "gemm fp8" : "gemm bf16",
                    {{{"m", whole(r, "m")}, {"n", whole(r, "n")}, {"k", whole(r, "k")}}},
                    1e3 * std::stod(r.at("latency")));
            }
        }
    }

    void attention(const std::string& family) {
        for (const CsvRecord& r :
             csv_records(folder_ + "/aiconfigurator_attention_" + family + "_" + chip_ + "_sample.csv")) {
            const std::int64_t queries = whole(r, "isl");
            add(family,
                {{{"batch", whole(r, "batch_size")},
                  {"heads", whole(r, "num_heads")},
                  {"kv_heads", whole(r, "num_key_value_heads")},
                  {"queries", queries},
                  {"keys", queries + whole(r, "step")},
                  {"head_dim", whole(r, "head_dim")}}},
                1e3 * std::stod(r.at("latency")));
        }
    }

    void layer(const std::string& model) {
        for (const CsvRecord& r : csv_records(folder_ + "/vidur_mlp_" + chip_ + "_" + model + "_sample.csv")) {
            const std::int64_t tokens = whole(r, "num_tokens");
            const std::int64_t parts = whole(r, "num_tensor_parallel_workers");
            const std::int64_t hidden = whole(r, "n_embd");
            const std::int64_t head = hidden / whole(r, "n_head");
            const std::int64_t heads = whole(r, "n_head") / parts;
            const std::int64_t kv_heads = std::max<std::int64_t>(1, whole(r, "n_kv_head") / parts);
            const std::int64_t inner = whole(r, "n_expanded_embd") / parts;
            const auto time = [&r](const std::string& name) {
                return 1e3 * std::stod(r.at("time_stats." + name + ".median"));
            };
            const auto linear = [&](std::int64_t n, std::int64_t k, const char* name) {
                add("layer gemm", {{{"m", tokens}, {"n", n}, {"k", k}}}, time(name));
            };
            linear((heads + 2 * kv_heads) * head, hidden, "attn_pre_proj");
            linear(hidden, heads * head, "attn_post_proj");
            linear(2 * inner, hidden, "mlp_up_proj");
            linear(hidden, inner, "mlp_down_proj");
            add("norm", {{{"rows", tokens}, {"width", hidden}}}, time("input_layernorm"));
            add("activation", {{{"rows", tokens}, {"width", inner}}}, time("mlp_act"));
            add("rope", {{{"rows", tokens}, {"heads", heads + kv_heads}, {"head_dim", head}}}, time("attn_rope"));
        }
    }

    void matmul_from_python() {
        for (const CsvRecord& r : csv_records(folder_ + "/llmcompass_matmul.csv")) {
            if (chip_ == "a100" && r.at("gpu") == "A100") {
                add("gemm fp16, Python", {{{"m", whole(r, "M")}, {"n", whole(r, "N")}, {"k", whole(r, "K")}}},
                    1e3 * std::stod(r.at("latency_ms")));
            }
        }
    }

    // TFLOPS as printed there: forward 4 s^2 d a b, halved when causal; with backward 3.5 times as much.
    void flash_attention() {
        for (const CsvRecord& r : csv_records(folder_ + "/flash_attention_tflops.csv")) {
            const bool ampere = chip_ == "a100" && r.at("hardware").starts_with("A100") && r.at("kernel") == "FA2";
            const bool hopper = chip_ == "h100" && r.at("hardware").starts_with("H100") && r.at("kernel") == "FA3";
            if ((!ampere && !hopper) || r.at("TFLOPS").empty()) {
                continue;
            }
            const std::int64_t s = whole(r, "seq");
            const std::int64_t d = whole(r, "head_dim");
            const bool causal = r.at("causal") == "1";
            const bool backward = r.at("phase") != "fwd";
            const double forward = 4.0 * static_cast<double>(s * s) * 2048.0 * (16384.0 / static_cast<double>(s));
            const double flop = forward * (causal ? 0.5 : 1.0) * (backward ? 3.5 : 1.0);
            add(backward ? "flash attention with backward" : "flash attention forward",
                {{{"batch", 16384 / s},
                  {"heads", 2048 / d},
                  {"kv_heads", 2048 / d},
                  {"queries", s},
                  {"keys", s},
                  {"head_dim", d},
                  {"causal", causal ? 1 : 0}}},
                flop / (std::stod(r.at("TFLOPS")) * 1e12) * 1e6);
        }
    }

    std::vector<Row> rows;

private:
    void add(const std::string& family, const Extents& extents, double microseconds) {
        rows.push_back(make_row(chip_, family, extents, microseconds, in_fitted_half(family, extents)));
    }

    std::string folder_;
    std::string chip_;
};

}  // namespace

std::vector<Row> read_measured(const std::string& folder, const std::string& chip) {
    Reader reader(folder, chip);
    reader.gemm();
    reader.attention("prefill");
    reader.attention("decode");
    reader.layer("llama-2-70b-hf");
    reader.layer("meta-llama-3-8b");
    reader.matmul_from_python();
    reader.flash_attention();
    return std::move(reader.rows);
}

}  // namespace myriad::accuracy
