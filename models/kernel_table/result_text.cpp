// Integers in decimal, doubles as their bits in hexadecimal (exact, whatever the locale), the plan with '_' for blanks.

#include "models/kernel_table/result_text.h"

#include "sim/error/error.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <string>

namespace myriad {

namespace {

constexpr char kBlank = '_';  // no plan has one of its own

HashKey checksum(std::string_view text) {
    StableHash hash;
    hash.add(text);
    return hash.key();
}

// Visits every field in one order, for writing and for reading; a new field of the struct does not compile before it
// stands here.
template <class Result, class Visitor>
void visit_fields(Result& result, Visitor&& visitor) {
    auto& [total, launch, body, work, hbm_read, hbm_written, cache_read, cache_hit, tiles, cores, waves, plan,
           tensor_busy, vector_busy, hbm_busy, cache_busy, port_busy, row_hit_rate, refresh, limit, events] = result;
    const auto visit = [&visitor](auto&... fields) { (visitor(fields), ...); };
    visit(total, launch, body, work, hbm_read, hbm_written, cache_read, cache_hit, tiles, cores, waves, plan,
          tensor_busy, vector_busy, hbm_busy, cache_busy, port_busy, row_hit_rate, refresh, limit, events);
}

struct Writer {
    std::string& text;

    void operator()(std::int64_t number) const { text += ' ' + std::to_string(number); }
    void operator()(std::uint64_t number) const { text += ' ' + std::to_string(number); }
    void operator()(double number) const {
        char digits[16];
        const auto end = std::to_chars(digits, digits + sizeof digits, std::bit_cast<std::uint64_t>(number), 16);
        text += ' ';
        text.append(digits, end.ptr);
    }
    void operator()(Picoseconds time) const { (*this)(std::int64_t{time.count()}); }
    void operator()(Bytes bytes) const { (*this)(bytes.count()); }
    void operator()(Flop work) const { (*this)(work.count()); }
    void operator()(KernelLimit limit) const { (*this)(static_cast<std::int64_t>(limit)); }
    void operator()(const std::string& plan) const {
        MYRIAD_CHECK(plan.find_first_of("_\n") == std::string::npos, "a plan is one line without '_': " + plan);
        std::string word = plan.empty() ? std::string(1, kBlank) : plan;
        std::replace(word.begin(), word.end(), ' ', kBlank);
        text += ' ' + word;
    }
};

// Takes words from the front; `good` falls when one is missing or of another kind.
struct Reader {
    std::string_view rest;
    bool good = true;

    std::string_view word() {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view taken = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        good = good && !taken.empty();
        return taken;
    }
    template <class Number>
    Number number(int base) {
        const std::string_view text = word();
        Number value = 0;
        const auto result = std::from_chars(text.data(), text.data() + text.size(), value, base);
        good = good && result.ec == std::errc{} && result.ptr == text.data() + text.size();
        return value;
    }
    void operator()(std::int64_t& field) { field = number<std::int64_t>(10); }
    void operator()(std::uint64_t& field) { field = number<std::uint64_t>(10); }
    void operator()(double& field) { field = std::bit_cast<double>(number<std::uint64_t>(16)); }
    void operator()(Picoseconds& field) { field = Picoseconds{number<std::int64_t>(10)}; }
    void operator()(Bytes& field) { field = Bytes{number<std::int64_t>(10)}; }
    void operator()(Flop& field) { field = Flop{std::bit_cast<double>(number<std::uint64_t>(16))}; }
    void operator()(KernelLimit& field) {
        const auto limit = number<std::int64_t>(10);
        good = good && limit >= 0 && limit <= static_cast<std::int64_t>(KernelLimit::latency);
        field = static_cast<KernelLimit>(good ? limit : 0);
    }
    void operator()(std::string& field) {
        field = std::string(word());
        std::replace(field.begin(), field.end(), kBlank, ' ');
        if (field == " ") {
            field.clear();
        }
    }
};

std::optional<HashKey> parse_key(std::string_view text) {
    constexpr std::size_t kHalf = 16;
    if (text.size() != 2 * kHalf) {
        return std::nullopt;
    }
    HashKey key;
    const char* middle = text.data() + kHalf;
    const char* end = middle + kHalf;
    const auto high = std::from_chars(text.data(), middle, key.high, 16);
    const auto low = std::from_chars(middle, end, key.low, 16);
    if (high.ec != std::errc{} || high.ptr != middle || low.ec != std::errc{} || low.ptr != end) {
        return std::nullopt;
    }
    return key;
}

}  // namespace

std::string line_of(const HashKey& key, const KernelResult& result) {
    std::string text = text_of(key);
    visit_fields(result, Writer{text});
    return text + ' ' + text_of(checksum(text));
}

std::optional<std::pair<HashKey, KernelResult>> parse_line(std::string_view line) {
    const std::size_t last = line.rfind(' ');
    if (last == std::string_view::npos || line.substr(last + 1) != text_of(checksum(line.substr(0, last)))) {
        return std::nullopt;
    }
    Reader reader{line.substr(0, last)};
    const std::optional<HashKey> key = parse_key(reader.word());
    KernelResult result;
    visit_fields(result, reader);
    if (!key || !reader.good || !reader.rest.empty()) {
        return std::nullopt;
    }
    return std::pair{*key, std::move(result)};
}

}  // namespace myriad
