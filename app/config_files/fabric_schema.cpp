// Keys of fabric files: the network between servers.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {

const Schema& fabric_schema() {
    static const Schema schema =
        Schema{
            "fabric",
            "The network between servers.",
            {
                key<std::string>("name", "how results call it").by_file_name(),
                key<std::string>("title", "name as people write it"),
                word_key("recipe", "shape of the network", kFabricWords).required(),
                key<Picoseconds>("link_latency", "of one network link").required().between("0 ns", "1 ms").sourced(),
                key<Picoseconds>("switch_latency", "of one Ethernet switch")
                    .required()
                    .between("0 ns", "1 ms")
                    .sourced(),
                key<double>("efficiency", "share of the raw bandwidth of up-links left for payload")
                    .required()
                    .between("0.05", "1")
                    .sourced(),
                key<BytesPerSecond>("uplink",
                                    "raw bandwidth of one link between switches, per direction; not of one_switch")
                    .between("1 MB/s", "10 TB/s")
                    .sourced(),
                key<BytesPerSecond>("core_uplink",
                                    "clos3, dcn_plus, hpn7: the same from aggregation to core; dragonfly_plus: between "
                                    "groups; absent: as uplink")
                    .between("1 MB/s", "10 TB/s")
                    .sourced(),
                key<int>("leaf_down", "clos2, clos3: host ports of a leaf").between("1", "4096").sourced(),
                key<int>("spines",
                         "clos2, rail_optimised: number of spines; rail_only: of one rail and NIC port; "
                         "dragonfly_plus: of a group")
                    .between("0", "4096")
                    .sourced(),
                key<int>("uplinks_per_spine", "clos2, rail_*, dragonfly_plus: links from a leaf to each spine")
                    .between("1", "64")
                    .sourced(),
                key<int>("hosts_per_segment", "hpn7, dcn_plus, rail_*: host positions of a segment")
                    .between("1", "4096")
                    .sourced(),
                key<int>("rails", "hpn7: NICs of a host").between("1", "64").sourced(),
                key<int>("planes", "hpn7: ports of a NIC").between("1", "16").sourced(),
                key<int>("aggs_per_plane", "hpn7: aggregation switches of a plane").between("1", "4096").sourced(),
                key<int>("max_segments", "hpn7, dcn_plus: segments of a pod; rail_*: of the fabric")
                    .between("1", "1024")
                    .sourced(),
                key<int>("max_pods", "hpn7, dcn_plus, clos3: pods of the fabric; absent: 1")
                    .between("1", "1024")
                    .sourced(),
                key<int>("agg_uplinks", "hpn7 of several pods: links of an aggregation switch to the core")
                    .between("1", "4096")
                    .sourced(),
                key<int>("cores_per_plane", "hpn7 of several pods: core switches of a plane")
                    .between("1", "16384")
                    .sourced(),
                key<int>("leaves_per_pod", "clos3: leaves of a pod").between("1", "4096").sourced(),
                key<int>("tors_per_segment", "dcn_plus: ToRs of a segment; as many as NIC ports: a pair for each rail")
                    .between("1", "4096")
                    .sourced(),
                key<int>("aggs_per_pod", "clos3, dcn_plus: aggregation switches of a pod")
                    .between("1", "4096")
                    .sourced(),
                key<int>("uplinks_per_agg",
                         "clos3, dcn_plus: links from a leaf to each aggregation switch of its pod; absent: 1")
                    .between("1", "1024")
                    .sourced(),
                key<int>("cores",
                         "clos3, dcn_plus of several pods: core switches, equal groups for the aggregation switches of "
                         "a pod")
                    .between("1", "65536")
                    .sourced(),
                key<int>("uplinks_per_core",
                         "clos3, dcn_plus: links from an aggregation switch to each core of its group; absent: 1")
                    .between("1", "1024")
                    .sourced(),
                key<int>("arity",
                         "clos3: k of a k-ary fat tree, even: k pods of k/2 leaves and k/2 aggregation switches, k^2/4 "
                         "cores; replaces leaf_down, leaves_per_pod, aggs_per_pod, cores and max_pods")
                    .between("2", "256")
                    .sourced(),
                key<int>("leaves", "dragonfly_plus: leaves of a group").between("1", "4096").sourced(),
                key<int>("global_links", "dragonfly_plus: links of a spine to other groups")
                    .between("0", "4096")
                    .sourced(),
                key<int>("groups", "dragonfly_plus: groups").between("1", "65536").sourced(),
                key<int>("hosts_per_switch", "dragonfly_plus, direct: NIC ports of a leaf or switch")
                    .between("1", "4096")
                    .sourced(),
                section_key("switches", "direct: how the switches are joined; its cards are switches with hosts",
                            wiring_schema),
                section_key("flow_control", "buffers of switches and NICs; absent: unbounded",
                            fabric_flow_control_schema),
            }}
            .in_folder("fabrics")
            .require_sources();
    return schema;
}

}  // namespace myriad
