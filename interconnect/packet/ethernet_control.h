#pragma once
// Priority flow control and congestion marks of an Ethernet fabric, as data.

#include "sim/units/units.h"

#include <optional>

namespace myriad {

// A switch (or NIC) has one memory for the packets of all its inputs; an input that holds more than its share tells the
// sender to pause. One lossless class.
struct PauseConfig {
    Bytes shared{std::int64_t{64} << 20};  // memory of a switch without headroom
    double alpha = 0.125;                  // an input's threshold is alpha times what is free of it
    Bytes headroom{262'144};               // per input, for what comes between the decision to pause and its effect
    Bytes resume_below{16'384};            // hysteresis: resumes this far below the threshold
    Picoseconds reaction = ns(500);        // of the sender, on top of the link's latency
};

// Marks by the length of the queue before a link: none up to `low`, all from `high` on, between them a chance that rises
// linearly to `most`.
struct MarkConfig {
    Bytes low{std::int64_t{100} << 10};
    Bytes high{std::int64_t{400} << 10};
    double most = 0.2;
};

// How a sender answers marks (dcqcn.h), per flow; defaults are those of Zhu et al., SIGCOMM 2015, section 5.2.
struct DcqcnConfig {
    double gain = 1.0 / 256.0;                   // g: how fast alpha follows
    Picoseconds alpha_timer = us(55);            // without a notification
    Picoseconds rise_timer = us(55);             // of the time-driven rise
    Bytes rise_bytes{10'000'000};                // of the byte-driven rise
    int recoveries = 5;                          // F: rises halfway back before the target rises
    BytesPerSecond additive{5'000'000};          // 40 Mb/s a rise
    BytesPerSecond hyper{50'000'000};            // 400 Mb/s a rise
    Picoseconds notification_interval = us(50);  // of one flow, at its receiver
};

struct EthernetControl {
    PauseConfig pause;
    MarkConfig mark;
    std::optional<DcqcnConfig> dcqcn{};  // absent: senders do not slow down for marks
    double bit_error_rate = 0.0;
    Picoseconds error_detection{};
};

}  // namespace myriad
