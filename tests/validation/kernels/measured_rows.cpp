// The files' columns are described in their first lines. A row's half is the parity of a fixed hash of its text, so it
// does not depend on the order or on how many rows a file has.

#include "tests/validation/kernels/measured_rows.h"

#include <fstream>
#include <map>
#include <sstream>

namespace myriad::accuracy {
namespace {

using Record = std::map<std::string, std::string>;

std::vector<Record> records_of(const std::string& path) {
    std::ifstream in(path);
    std::vector<Record> records;
    std::vector<std::string> header;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        std::vector<std::string> cells;
        std::istringstream words(line);
        for (std::string cell; std::getline(words, cell, ',');) {
            cells.push_back(cell);
        }
        if (header.empty()) {
            header = cells;
            continue;
        }
        Record record;
        for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) {
            record[header[i]] = cells[i];
        }
        record["text"] = line;
        records.push_back(std::move(record));
    }
    return records;
}

std::int64_t whole(const Record& record, const char* column) { return std::stoll(record.at(column)); }

// FNV-1a.
bool in_fitted_half(const std::string& text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return (hash >> 17 & 1) == 0;
}

Row make_row(const std::string& family, const Kernel& kernel, double milliseconds, const Record& record) {
    Row row;
    row.family = family;
    row.kernels = {kernel};
    row.measured = milliseconds * 1e-3;
    row.fitted = in_fitted_half(record.at("text"));
    row.name = record.at("text");
    return row;
}

Kernel gemm(std::int64_t m, std::int64_t n, std::int64_t k, DataType type) {
    Kernel kernel;
    kernel.type = type;
    const std::int64_t e = size_of(type).count();
    kernel.work = Flop{2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k)};
    kernel.read = Bytes{e * (m * k + n * k)};
    kernel.written = Bytes{2 * m * n};
    GemmShape shape{m, n, k};
    shape.output_bytes = 2;
    kernel.shape = shape;
    return kernel;
}

void add_gemm(const std::string& path, std::vector<Row>& rows) {
    for (const Record& r : records_of(path)) {
        const std::string& type = r.at("gemm_dtype");
        if (type != "bfloat16" && type != "fp8") {
            continue;  // block-scaled fp8 scales every 128 of k in software: another kernel
        }
        const DataType data = type == "fp8" ? DataType::fp8 : DataType::bf16;
        const Kernel kernel = gemm(whole(r, "m"), whole(r, "n"), whole(r, "k"), data);
        rows.push_back(
            make_row(data == DataType::fp8 ? "gemm fp8" : "gemm bf16", kernel, std::stod(r.at("latency")), r));
    }
}

void add_attention(const std::string& path, const char* family, bool decode, std::vector<Row>& rows) {
    for (const Record& r : records_of(path)) {
        AttentionShape shape;
        shape.sequences = whole(r, "batch_size");
        shape.heads = whole(r, "num_heads");
        shape.kv_heads = whole(r, "num_key_value_heads");
        shape.queries = whole(r, "isl");
        shape.keys = shape.queries + whole(r, "step");
        shape.head_dim = whole(r, "head_dim");
        shape.value_dim = shape.head_dim;
        shape.page_tokens = decode ? 16 : 0;
        Kernel kernel;
        kernel.launches = 1;
        kernel.shape = shape;
        const double pairs = static_cast<double>(shape.queries) *
                             (static_cast<double>(shape.keys) - static_cast<double>(shape.queries - 1) / 2.0);
        kernel.work = Flop{4.0 * static_cast<double>(shape.head_dim * shape.heads * shape.sequences) * pairs};
        kernel.read = Bytes{2 * shape.sequences * shape.head_dim *
                            (shape.heads * shape.queries + 2 * shape.kv_heads * shape.keys)};
        kernel.written = Bytes{2 * shape.sequences * shape.head_dim * shape.heads * shape.queries};
        rows.push_back(make_row(family, kernel, std::stod(r.at("latency")), r));
        // The operator that was timed first writes the new keys and values into the paged cache.
        const std::int64_t entry = 2 * 2 * shape.kv_heads * shape.head_dim;
        Kernel write;
        write.unit = KernelUnit::vector;
        write.read = Bytes{shape.sequences * shape.queries * entry};
        write.written = write.read;
        write.shape = VectorShape{shape.sequences * shape.queries, entry / 2, false, 0.0, 2};
        rows.back().kernels.insert(rows.back().kernels.begin(), write);
    }
}

Kernel vector(std::int64_t rows, std::int64_t width, double flop, std::int64_t reads, std::int64_t writes,
              bool reduction, double special) {
    Kernel kernel;
    kernel.unit = KernelUnit::vector;
    kernel.work = Flop{flop * static_cast<double>(rows * width)};
    kernel.read = Bytes{2 * reads * rows * width};
    kernel.written = Bytes{2 * writes * rows * width};
    kernel.shape = VectorShape{rows, width, reduction, special, 2};  // scalar loads, as in the source of these kernels
    return kernel;
}

// Vidur: kernels of one layer by the profiler, milliseconds; times under 10 us have a resolution of 1 us.
void add_layer(const std::string& path, std::vector<Row>& rows) {
    for (const Record& r : records_of(path)) {
        const std::int64_t t = whole(r, "num_tokens");
        const std::int64_t tp = whole(r, "num_tensor_parallel_workers");
        const std::int64_t h = whole(r, "n_embd");
        const std::int64_t head = h / whole(r, "n_head");
        const std::int64_t q = h / tp;
        const std::int64_t kv = std::max<std::int64_t>(1, whole(r, "n_kv_head") / tp) * head;
        const std::int64_t ffn = whole(r, "n_expanded_embd") / tp;
        const std::size_t first = rows.size();
        const auto time = [&](const char* name) {
            return std::stod(r.at("time_stats." + std::string(name) + ".median"));
        };
        rows.push_back(make_row("layer gemm", gemm(t, q + 2 * kv, h, DataType::bf16), time("attn_pre_proj"), r));
        rows.back().name = "qkv " + rows.back().name;
        rows.push_back(make_row("layer gemm", gemm(t, h, q, DataType::bf16), time("attn_post_proj"), r));
        rows.push_back(make_row("layer gemm", gemm(t, 2 * ffn, h, DataType::bf16), time("mlp_up_proj"), r));
        rows.push_back(make_row("layer gemm", gemm(t, h, ffn, DataType::bf16), time("mlp_down_proj"), r));
        rows.push_back(make_row("norm", vector(t, h, 4, 1, 1, true, 0), time("input_layernorm"), r));
        rows.push_back(make_row("activation", vector(t, ffn, 5, 2, 1, false, 2), time("mlp_act"), r));
        rows.push_back(make_row("rope", vector(t, q + kv, 3, 1, 1, false, 0), time("attn_rope"), r));
        for (std::size_t i = first; i < rows.size(); ++i) {
            rows[i].kernel_only = true;
        }
    }
}

}  // namespace

std::vector<Row> read_measured(const std::string& folder, const std::string& chip) {
    std::vector<Row> rows;
    add_gemm(folder + "/aiconfigurator_gemm_" + chip + "_sample.csv", rows);
    add_attention(folder + "/aiconfigurator_attention_prefill_" + chip + "_sample.csv", "prefill", false, rows);
    add_attention(folder + "/aiconfigurator_attention_decode_" + chip + "_sample.csv", "decode", true, rows);
    add_layer(folder + "/vidur_mlp_" + chip + "_llama-2-70b-hf_sample.csv", rows);
    add_layer(folder + "/vidur_mlp_" + chip + "_meta-llama-3-8b_sample.csv", rows);
    return rows;
}

}  // namespace myriad::accuracy
