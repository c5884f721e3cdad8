// `flow_control` of server and fabric files.

#include "app/config_files/read_hardware.h"
#include "app/config_files/words.h"

namespace myriad {
namespace {

DcqcnConfig read_dcqcn(Section s) {
    DcqcnConfig dcqcn;
    dcqcn.gain = s.get<double>("gain");
    dcqcn.alpha_timer = s.get<Picoseconds>("alpha_timer");
    dcqcn.rise_timer = s.get<Picoseconds>("rise_timer");
    dcqcn.rise_bytes = s.get<Bytes>("rise_bytes");
    dcqcn.recoveries = s.get<int>("recoveries");
    dcqcn.additive = s.get<BytesPerSecond>("additive");
    dcqcn.hyper = s.get<BytesPerSecond>("hyper");
    dcqcn.notification_interval = s.get<Picoseconds>("notification_interval");
    s.finish();
    return dcqcn;
}

}  // namespace

FlowControlConfig read_flow_control(Section s) {
    FlowControlConfig control;
    control.icn = {s.find<int>("virtual_channels").value_or(0), s.get<Bytes>("buffer")};
    control.pcie.buffer = s.get<Bytes>("pcie_buffer");
    control.icn.errors = {s.get<double>("bit_error_rate"), s.get<Picoseconds>("error_detection")};
    control.queues = s.enumeration("input_queues", kInputQueuesWords);
    s.finish();
    return control;
}

EthernetControl read_ethernet(Section s) {
    EthernetControl ethernet;
    ethernet.pause.shared = s.get<Bytes>("shared_buffer");
    ethernet.pause.alpha = s.get<double>("alpha");
    ethernet.pause.headroom = s.get<Bytes>("headroom");
    ethernet.pause.resume_below = s.get<Bytes>("resume_below");
    ethernet.pause.reaction = s.get<Picoseconds>("pause_reaction");
    ethernet.mark.low = s.get<Bytes>("mark_low");
    ethernet.mark.high = s.get<Bytes>("mark_high");
    ethernet.mark.most = s.get<double>("mark_most");
    if (ethernet.mark.high < ethernet.mark.low) {
        s.error("mark_high", "expected at least 'mark_low'");
    }
    if (s.has("dcqcn")) {
        ethernet.dcqcn = read_dcqcn(s.section("dcqcn"));
    }
    ethernet.bit_error_rate = s.get<double>("bit_error_rate");
    ethernet.error_detection = s.get<Picoseconds>("error_detection");
    s.finish();
    return ethernet;
}

}  // namespace myriad
