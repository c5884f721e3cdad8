// Keys of server, fabric and cluster files: what joins cards.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

const Schema& nics_schema() {
    static const Schema schema{
        "nics",
        "Scale-out NICs of a server; NIC n serves the n-th share of its cards.",
        {
            key<int>("count", "per server; 0: no scale-out").required().between("0", "16384").sourced(),
            key<int>("ports", "per NIC, each to another plane or ToR").required().between("1", "16").sourced(),
            key<BytesPerSecond>("port_bandwidth", "raw, per direction")
                .required()
                .between("1 MB/s", "10 TB/s")
                .sourced(),
            key<double>("efficiency", "share of the raw bandwidth left for payload")
                .required()
                .between("0.05", "1")
                .sourced(),
            key<Picoseconds>("latency", "of the NIC, on the way out and on the way in")
                .required()
                .between("0 ns", "100 us")
                .sourced(),
        }};
    return schema;
}

const Schema& server_flow_control_schema() {
    static const Schema schema{
        "server.flow_control",
        "Buffers behind the links of a server; used where `fidelity.flow_control` is modelled.",
        {
            key<int>("virtual_channels", "of a chip link; absent: as many as its routes need not to deadlock")
                .between("1", "16")
                .sourced(),
            key<Bytes>("buffer", "of one physical chip link, per direction and virtual channel")
                .required()
                .between("64 B", "1 TiB")
                .sourced(),
            key<Bytes>("pcie_buffer", "of a PCIe link, per direction").required().between("64 B", "1 TiB").sourced(),
            key<double>("bit_error_rate", "of a chip link, before packets are sent again")
                .by_default("0")
                .between("0", "0.0001")
                .sourced(),
            key<Picoseconds>("error_detection", "from the last bit of a damaged packet to the answer being sent")
                .by_default("0 ns")
                .between("0 ns", "1 ms")
                .sourced(),
            word_key("input_queues", "how packets wait in a buffer", kInputQueuesWords)
                .by_default("per_output")
                .sourced(),
        }};
    return schema;
}

const Schema& dcqcn_schema() {
    static const Schema schema{
        "dcqcn",
        "How senders answer marks: DCQCN (Zhu et al., SIGCOMM 2015, whose values are the defaults), per flow.",
        {
            key<double>("gain", "how fast alpha follows").by_default("0.00390625").between("0.00001", "1").sourced(),
            key<Picoseconds>("alpha_timer", "without a notification, until alpha falls")
                .by_default("55 us")
                .between("1 us", "1 s")
                .sourced(),
            key<Picoseconds>("rise_timer", "until the rate rises").by_default("55 us").between("1 us", "1 s").sourced(),
            key<Bytes>("rise_bytes", "sent until the rate rises")
                .by_default("10 MB")
                .between("1 KiB", "1 TiB")
                .sourced(),
            key<int>("recoveries", "rises halfway back before the target rises")
                .by_default("5")
                .between("1", "1000")
                .sourced(),
            key<BytesPerSecond>("additive", "rise of the target").by_default("40 Mb/s").sourced(),
            key<BytesPerSecond>("hyper", "rise of the target when time and bytes agree")
                .by_default("400 Mb/s")
                .sourced(),
            key<Picoseconds>("notification_interval", "of one flow, at its receiver")
                .by_default("50 us")
                .between("1 us", "1 s")
                .sourced(),
        }};
    return schema;
}

const Schema& fabric_flow_control_schema() {
    static const Schema schema{
        "fabric.flow_control",
        "Buffers of Ethernet switches and NICs, pauses (PFC) and marks (ECN); used where `fidelity.flow_control` is "
        "modelled.",
        {
            key<Bytes>("shared_buffer", "memory of one switch or NIC, without headroom")
                .required()
                .between("1 KiB", "1 TiB")
                .sourced(),
            key<double>("alpha", "an input pauses its sender above alpha times the memory that is free")
                .by_default("0.125")
                .between("0.001", "64")
                .sourced(),
            key<Bytes>("headroom", "of one input, for what comes before a pause has its effect")
                .required()
                .between("1 KiB", "1 TiB")
                .sourced(),
            key<Bytes>("resume_below", "an input resumes this far below its threshold")
                .by_default("16 KiB")
                .between("0 B", "1 TiB")
                .sourced(),
            key<Picoseconds>("pause_reaction", "of a sender, on top of the link's latency")
                .by_default("500 ns")
                .between("0 ns", "1 ms")
                .sourced(),
            key<Bytes>("mark_low", "queue up to which no packet is marked").by_default("100 KiB").sourced(),
            key<Bytes>("mark_high", "queue from which every packet is marked").by_default("400 KiB").sourced(),
            key<double>("mark_most", "chance of a mark just below `mark_high`")
                .by_default("0.2")
                .between("0", "1")
                .sourced(),
            section_key("dcqcn", "absent: senders do not slow down for marks", dcqcn_schema),
            key<double>("bit_error_rate", "of a link, before packets are sent again")
                .by_default("0")
                .between("0", "0.0001")
                .sourced(),
            key<Picoseconds>("error_detection", "from the last bit of a damaged packet to the answer being sent")
                .by_default("0 ns")
                .between("0 ns", "1 ms")
                .sourced(),
        }};
    return schema;
}

}  // namespace

const Schema& server_schema() {
    static const Schema schema =
        Schema{"server",
               "Cards, the links between them, and their NICs.",
               {
                   key<std::string>("name", "how results call it").by_file_name(),
                   key<std::string>("title", "name as people write it"),
                   reference_key("chip", "the card", chip_schema).required(),
                   key<int>("cards", "cards of one server").required().between("1", "16384").sourced(),
                   section_key("wiring", "links between the cards", wiring_schema).required(),
                   word_key("link_budget", "how a card's links relate to the wiring", kLinkBudgetWords)
                       .by_default("fixed")
                       .sourced(),
                   key<BytesPerSecond>("link_total",
                                       "raw bandwidth of all links of a card, both ways together; replaces that "
                                       "of the chip")
                       .between("1 MB/s", "100 TB/s")
                       .sourced(),
                   key<Picoseconds>("switch_latency", "of the chip-link switch, on top of its links")
                       .between("0 ns", "100 us")
                       .sourced(),
                   section_key("nics", "scale-out; absent: none", nics_schema),
                   section_key("flow_control", "buffers behind links; absent: not known", server_flow_control_schema),
               }}
            .in_folder("servers")
            .require_sources();
    return schema;
}

const Schema& fabric_schema() {
    static const Schema schema =
        Schema{"fabric",
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
                                       "clos2, hpn7: raw bandwidth of one link up from leaf or ToR, per direction")
                       .between("1 MB/s", "10 TB/s")
                       .sourced(),
                   key<int>("leaf_down", "clos2: host ports of a leaf").between("1", "4096").sourced(),
                   key<int>("spines", "clos2: number of spines").between("1", "4096").sourced(),
                   key<int>("uplinks_per_spine", "clos2: links from a leaf to each spine").between("1", "64").sourced(),
                   key<int>("hosts_per_segment", "hpn7: host positions of a segment").between("1", "4096").sourced(),
                   key<int>("rails", "hpn7: NICs of a host").between("1", "64").sourced(),
                   key<int>("planes", "hpn7: ports of a NIC").between("1", "16").sourced(),
                   key<int>("aggs_per_plane", "hpn7: aggregation switches of a plane").between("1", "4096").sourced(),
                   key<int>("max_segments", "hpn7: segments of a pod").between("1", "1024").sourced(),
                   section_key("flow_control", "buffers of switches and NICs; absent: unbounded",
                               fabric_flow_control_schema),
               }}
            .in_folder("fabrics")
            .require_sources();
    return schema;
}

const Schema& cluster_schema() {
    static const Schema schema =
        Schema{
            "cluster",
            "Servers of one kind and the network between them.",
            {
                key<std::string>("name", "how results call it").by_file_name(),
                key<std::string>("title", "name as people write it"),
                key<int>("servers", "number of servers").required().between("1", "65536").sourced(),
                reference_key("server", "the server", server_schema).required(),
                reference_key("fabric", "the network between servers; not needed for one server", fabric_schema),
                word_key("routing", "choice among equal paths of the fabric", kFabricRoutingWords).by_default("ecmp"),
                key<std::uint64_t>("routing_seed", "of the hash that ecmp uses, beside the seed of the scenario")
                    .by_default("1"),
            }}
            .in_folder("clusters")
            .require_sources();
    return schema;
}

}  // namespace myriad
