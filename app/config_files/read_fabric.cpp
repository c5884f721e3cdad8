// Fabric files. Keys of another recipe stay unread, so that finish() reports them as having no effect.

#include "app/config_files/read_hardware.h"
#include "app/config_files/words.h"
#include "interconnect/topology/wiring.h"

#include <fmt/format.h>

namespace myriad {
namespace {

std::string name_of_word(FabricRecipe recipe) {
    for (const Word<FabricRecipe>& word : kFabricWords) {
        if (word.value == recipe) {
            return std::string(word.name);
        }
    }
    return {};
}

// Reads one fabric; `recipe` is for messages.
class FabricReader {
public:
    FabricReader(Section& s, FabricConfig& fabric, double efficiency)
        : s_(s), fabric_(fabric), recipe_(name_of_word(fabric.recipe)), efficiency_(efficiency) {}

    void read() {
        if (fabric_.recipe == FabricRecipe::one_switch) {
            return;
        }
        read_uplink();
        switch (fabric_.recipe) {
            case FabricRecipe::clos2:
                fabric_.leaf_down = needed("leaf_down");
                read_spines();
                break;
            case FabricRecipe::clos3:
                read_clos3();
                break;
            case FabricRecipe::rail_optimised:
            case FabricRecipe::rail_only:
                fabric_.hosts_per_segment = needed("hosts_per_segment");
                fabric_.max_segments = needed("max_segments");
                read_spines();
                break;
            case FabricRecipe::hpn7:
                read_hpn7();
                break;
            case FabricRecipe::dcn_plus:
                fabric_.hosts_per_segment = needed("hosts_per_segment");
                fabric_.tors_per_segment = needed("tors_per_segment");
                fabric_.max_segments = needed("max_segments");
                fabric_.aggs_per_pod = needed("aggs_per_pod");
                read_core();
                break;
            case FabricRecipe::dragonfly_plus:
                fabric_.hosts_per_switch = needed("hosts_per_switch");
                fabric_.leaves = needed("leaves");
                fabric_.global_links = needed("global_links");
                fabric_.groups = needed("groups");
                read_spines();
                read_core_uplink();
                break;
            default:
                read_direct();
                break;
        }
    }

private:
    int needed(const char* key) {
        const auto value = s_.find<int>(key);
        if (!value) {
            s_.error("recipe", fmt::format("recipe {} needs '{}'", recipe_, key));
        }
        return value.value_or(1);
    }

    void read_uplink() {
        const auto raw = s_.find<BytesPerSecond>("uplink");
        if (!raw) {
            s_.error("recipe", fmt::format("recipe {} needs 'uplink'", recipe_));
        }
        fabric_.uplink = payload_rate(raw.value_or(BytesPerSecond{1'000'000}), efficiency_);
    }

    void read_core_uplink() {
        if (const auto raw = s_.find<BytesPerSecond>("core_uplink")) {
            fabric_.core_uplink = payload_rate(*raw, efficiency_);
        }
    }

    void read_spines() {
        fabric_.spines = needed("spines");
        fabric_.uplinks_per_spine = s_.find<int>("uplinks_per_spine").value_or(1);
    }

    void read_hpn7() {
        fabric_.hosts_per_segment = needed("hosts_per_segment");
        fabric_.rails = needed("rails");
        fabric_.planes = needed("planes");
        fabric_.aggs_per_plane = needed("aggs_per_plane");
        fabric_.max_segments = needed("max_segments");
        fabric_.max_pods = s_.find<int>("max_pods").value_or(1);
        if (fabric_.max_pods > 1) {
            fabric_.agg_uplinks = needed("agg_uplinks");
            fabric_.cores_per_plane = needed("cores_per_plane");
            read_core_uplink();
        }
    }

    // Above the leaves of clos3 and dcn_plus.
    void read_core() {
        fabric_.uplinks_per_agg = s_.find<int>("uplinks_per_agg").value_or(1);
        fabric_.max_pods = s_.find<int>("max_pods").value_or(1);
        if (fabric_.max_pods > 1) {
            fabric_.cores = needed("cores");
            fabric_.uplinks_per_core = s_.find<int>("uplinks_per_core").value_or(1);
            read_core_uplink();
        }
    }

    void read_clos3() {
        const auto arity = s_.find<int>("arity");
        if (!arity) {
            fabric_.leaf_down = needed("leaf_down");
            fabric_.leaves_per_pod = needed("leaves_per_pod");
            fabric_.aggs_per_pod = needed("aggs_per_pod");
            read_core();
            return;
        }
        if (*arity % 2 != 0) {
            s_.error("arity", fmt::format("a k-ary fat tree has an even k, found {}", *arity));
        }
        const int half = *arity / 2;
        fabric_.leaf_down = half;
        fabric_.leaves_per_pod = half;
        fabric_.aggs_per_pod = half;
        fabric_.cores = half * half;
        fabric_.max_pods = *arity;
        read_core_uplink();
    }

    void read_direct() {
        fabric_.hosts_per_switch = needed("hosts_per_switch");
        if (!s_.has("switches")) {
            s_.error("recipe", "recipe direct needs 'switches', like {recipe: torus, sizes: [4, 4]}");
            return;
        }
        fabric_.switches = read_wiring(s_.section("switches"), 0, GraphMembers::ethernet_switches);
        const auto derate = [&](BytesPerSecond raw) { return payload_rate(raw, efficiency_); };
        derate_links(fabric_.switches, derate);
        try {
            static_cast<void>(wire(fabric_.switches, "fabric '" + fabric_.name + "'", kSwitchLinks));
        } catch (const UserError& error) {
            s_.error("switches", error.diagnostics().front().message);
        }
    }

    template <class Derate>
    static void derate_links(WiringConfig& wiring, const Derate& derate) {
        if (wiring.bandwidth.count() > 0) {
            wiring.bandwidth = derate(wiring.bandwidth);
        }
        for (WiringEdgeConfig& edge : wiring.edges) {
            if (edge.bandwidth.count() > 0) {
                edge.bandwidth = derate(edge.bandwidth);
            }
        }
        for (WiringConfig& factor : wiring.factors) {
            derate_links(factor, derate);
        }
    }

    Section& s_;
    FabricConfig& fabric_;
    std::string recipe_;
    double efficiency_;
};

}  // namespace

FabricFile read_fabric(Section s) {
    FabricFile file;
    FabricConfig& fabric = file.fabric;
    fabric.name = s.get<std::string>("name");
    static_cast<void>(s.find<std::string>("title"));  // for `show` only
    fabric.recipe = s.enumeration("recipe", kFabricWords);
    fabric.link_latency = s.get<Picoseconds>("link_latency");
    fabric.switch_latency = s.get<Picoseconds>("switch_latency");
    FabricReader(s, fabric, s.get<double>("efficiency")).read();
    if (s.has("flow_control")) {
        file.flow_control = read_ethernet(s.section("flow_control"));
    }
    s.finish();
    return file;
}

}  // namespace myriad
