// Keys of `flow_control` in server and fabric files: buffers, pauses, marks, errors.

#include "app/config_files/schemas.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

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

}  // namespace

const Schema& server_flow_control_schema() {
    static const Schema schema{
        "server_flow_control",
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

const Schema& fabric_flow_control_schema() {
    static const Schema schema{
        "fabric_flow_control",
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

}  // namespace myriad
