// The wiring of a server. A recipe reads the keys that it knows; what else the user wrote is reported as having no
// effect.

#include "app/config_files/read_hardware.h"
#include "app/config_files/wiring_edges.h"
#include "app/config_files/words.h"
#include "interconnect/topology/wiring.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace myriad {
namespace {

int needed(Section& s, const char* key, const char* recipe) {
    const auto value = s.find<int>(key);
    if (!value) {
        s.error("recipe", fmt::format("recipe {} needs '{}'", recipe, key));
    }
    return value.value_or(1);
}

void read_factors(Section& s, WiringConfig& wiring, int default_size, GraphMembers members) {
    // A layer of an overlay lies over all cards; a factor of a product must say how many it joins.
    const int factor_size = wiring.recipe == WiringRecipe::overlay ? default_size : 0;
    for (const Section& factor : s.sections("factors")) {
        wiring.factors.push_back(read_wiring(factor, factor_size, members));
    }
    if (wiring.factors.empty()) {
        s.error("recipe", fmt::format("{} needs 'factors', for example two full meshes of 4",
                                      wiring.recipe == WiringRecipe::product ? "a product" : "an overlay"));
    }
}

void read_grid(Section& s, WiringConfig& wiring) {
    wiring.sizes = s.list<int>("sizes");
    if (wiring.sizes.empty()) {
        s.error("recipe", fmt::format("recipe {} needs 'sizes', like [4, 4]", name_of(wiring.recipe)));
        wiring.sizes = {1};
    }
    if (wiring.recipe != WiringRecipe::torus) {
        return;
    }
    wiring.wrap = s.list<bool>("wrap");
    wiring.wrap_multiple = s.find<int>("wrap_multiple").value_or(1);
    wiring.twisted = s.find<bool>("twisted").value_or(false);
    if (!wiring.wrap.empty() && wiring.wrap.size() != wiring.sizes.size()) {
        s.error("wrap",
                fmt::format("'wrap' has {} entries, but 'sizes' has {}", wiring.wrap.size(), wiring.sizes.size()));
        wiring.wrap.clear();
    }
}

// A GraphML file, found relative to the YAML file that names it.
void read_graph_file(Section& s, WiringConfig& wiring, int default_size, GraphMembers members) {
    const std::filesystem::path named(s.find<std::string>("file").value_or(""));
    const SourceMark mark = s.mark("file");
    const std::filesystem::path folder =  // a value of --set has no line: from where the program runs
        mark.line > 0 ? std::filesystem::path(mark.file).parent_path() : std::filesystem::path{};
    const std::filesystem::path path = folder / named;
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) {
        s.error("file", fmt::format("cannot read '{}'", path.string()));
        wiring.size = std::max(default_size, 1);  // what is reported once is enough
        return;
    }
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const BytesPerSecond bandwidth = wiring.bandwidth;
    const std::optional<Picoseconds> latency = wiring.latency;
    try {
        wiring = parse_graphml(text, path.string(), members);
    } catch (const UserError& error) {
        for (const Diagnostic& diagnostic : error.diagnostics()) {
            s.error_at(diagnostic.mark, diagnostic.message);
        }
        wiring.size = std::max(default_size, 1);
    }
    wiring.bandwidth = bandwidth;
    wiring.latency = latency;
}

// Keys of one recipe alone, once the size is known.
void read_particulars(Section& s, WiringConfig& wiring) {
    switch (wiring.recipe) {
        case WiringRecipe::dragonfly:
            wiring.group_size = needed(s, "group_size", "dragonfly");
            wiring.global_links = needed(s, "global_links", "dragonfly");
            break;
        case WiringRecipe::icn_switch:
            wiring.switches = std::max(s.find<int>("switches").value_or(1), 1);
            wiring.switch_links = s.list<int>("switch_links");
            break;
        case WiringRecipe::switch_planes:
            wiring.node_size = needed(s, "node_size", "switch_planes");
            wiring.planes = needed(s, "planes", "switch_planes");
            wiring.upper_switches = needed(s, "upper_switches", "switch_planes");
            wiring.uplinks = s.find<int>("uplinks").value_or(0);
            break;
        case WiringRecipe::edges:
            if (s.has("file")) {
                break;  // read before the size was known
            }
            wiring.switches = s.find<int>("switches").value_or(0);
            wiring.edges = read_edges(s, "edges", wiring.size + wiring.switches);
            if (!s.has("edges")) {
                s.error("recipe", "recipe edges needs 'edges', like [[0, 1], [1, 2]], or 'file', like board.graphml");
            }
            break;
        default:
            break;
    }
}

void settle_size(Section& s, WiringConfig& wiring, int default_size) {
    const auto size = s.find<int>("size");
    if (!wiring.factors.empty() || !wiring.sizes.empty() || wiring.size > 0 ||
        wiring.recipe == WiringRecipe::matched_quads) {
        wiring.size = static_cast<int>(cards_of(wiring));
        if (size && *size != wiring.size) {
            s.error("size", fmt::format("size is {}, but the {} {} cards", *size,
                                        !wiring.sizes.empty()                  ? "sizes make"
                                        : wiring.recipe == WiringRecipe::edges ? "file has"
                                                                               : "factors join",
                                        wiring.size));
        }
        return;
    }
    wiring.size = size.value_or(default_size);
    if (wiring.size == 0) {
        s.error("recipe", "this wiring needs 'size', the number of nodes that it joins");
        wiring.size = 1;
    }
}

}  // namespace

WiringConfig read_wiring(Section s, int default_size, GraphMembers members) {
    WiringConfig wiring;
    wiring.recipe = s.enumeration("recipe", kWiringWords);
    const bool has_factors = wiring.recipe == WiringRecipe::product || wiring.recipe == WiringRecipe::overlay;
    if (has_factors) {
        read_factors(s, wiring, default_size, members);
    } else {
        // Left over from a product when a scenario overrides the recipe alone: has no say in other recipes.
        static_cast<void>(s.sections("factors"));
        wiring.links = s.find<int>("links").value_or(0);
        wiring.bandwidth = s.find<BytesPerSecond>("bandwidth").value_or(BytesPerSecond{});
        wiring.latency = s.find<Picoseconds>("latency");
    }
    if (wiring.recipe == WiringRecipe::mesh || wiring.recipe == WiringRecipe::torus ||
        wiring.recipe == WiringRecipe::hyperx) {
        read_grid(s, wiring);
    }
    if (wiring.recipe == WiringRecipe::edges && s.has("file")) {
        read_graph_file(s, wiring, default_size, members);
    }
    settle_size(s, wiring, default_size);
    read_particulars(s, wiring);
    s.finish();
    return wiring;
}

}  // namespace myriad
