// Rates are size / time of a part, without a collective's factor.

#include "app/result/overlap_summary.h"

#include "app/result/aligned_table.h"
#include "app/result/words.h"
#include "sim/units/quantity_text.h"

#include <fmt/core.h>

namespace myriad {
namespace {

std::string rate(const OverlapRow& row, Picoseconds time) {
    if (row.size.count() == 0 || time.count() == 0) {
        return "";
    }
    return fmt::format("{:.1f} GB/s", static_cast<double>(row.size.count()) / seconds(time) * 1e-9);
}

std::string traffic_text(const OverlapReport& overlap) {
    const LiveTraffic& t = overlap.use.live->traffic;
    AlignedTable table({{"bytes, all cards, together", Align::left}, {"read"}, {"written"}, {"of which", Align::left}});
    table.add({"cores", human_text(t.core_read), human_text(t.core_written),
               fmt::format("{} and {} on other cards", human_text(t.remote_read), human_text(t.remote_written))});
    table.add({"cache slices", human_text(t.slice_read), human_text(t.slice_written),
               fmt::format("{} found there", human_text(t.slice_hit))});
    table.add({"HBM", human_text(t.hbm_read), human_text(t.hbm_written), ""});
    table.add({"messages over links", human_text(overlap.use.carried), "", ""});
    return table.text(2);
}

}  // namespace

std::string overlap_text(const OverlapReport& overlap) {
    AlignedTable table(
        {{"part", Align::left}, {"size"}, {"alone"}, {"rate"}, {"together"}, {"rate together"}, {"slower by"}});
    for (const OverlapRow& row : overlap.parts) {
        const double slower = seconds(row.together) / seconds(row.alone) - 1.0;
        table.add({row.what, row.size.count() > 0 ? human_text(row.size) : "", human_text(row.alone),
                   rate(row, row.alone), human_text(row.together), rate(row, row.together),
                   fmt::format("{:.1f} %", 100.0 * slower)});
    }
    std::string out = table.text(2);
    out += fmt::format("  one after the other {}, together {}\n", human_text(overlap.alone_sum),
                       human_text(overlap.together));
    if (overlap.use.live) {
        out += '\n' + traffic_text(overlap);
    }
    return out;
}

}  // namespace myriad
