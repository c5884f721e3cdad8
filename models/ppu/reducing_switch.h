#pragma once
// An ICN switch that adds what cards send it and sends one message to many cards at once (NVLink SHARP): a switch whose
// own messages take turns with those that pass, by the ports of a card. Additions take no time: they keep up with the
// links. A copy leaves by the port of each receiver, so that a multicast costs each link the message once.

#include "models/ppu/port_bank.h"
#include "models/ppu/traffic_shares.h"

#include <string>
#include <vector>

namespace myriad {

class ReducingSwitch final : public MessageSource {
public:
    // `ends`: the two under which messages name it. `traffic`: with interference, which slows the cards' side only.
    ReducingSwitch(const std::string& name, Agenda& agenda, NetworkMemory& memory, Bytes cell,
                   const std::vector<PortSpec>& port_specs, TrafficShares* traffic, CardId first_end)
        : ports(name.c_str(), agenda, memory, cell, port_specs), traffic_(traffic) {
        if (traffic == nullptr) {
            return;
        }
        std::vector<BytesPerSecond> bandwidths;
        for (const PortSpec& port : port_specs) {
            bandwidths.push_back(port.bandwidth);
        }
        traffic->add_end(first_end, nullptr, bandwidths);
        traffic->add_end(CardId{index(first_end) + 1}, nullptr, bandwidths);
        ports.listen(arrivals_);
    }

    void inject(Message& message, Arrival /*arrival*/) override {
        if (traffic_ != nullptr) {
            traffic_->post(message, 0);
        }
        ports.post(message);
    }

    PortBank ports;

private:
    struct Arrivals final : ArrivalListener {
        explicit Arrivals(TrafficShares* shares) : traffic(shares) {}
        bool on_message_bytes(Message& message) override { return traffic->arrive(message); }
        TrafficShares* traffic;
    };

    TrafficShares* traffic_;
    Arrivals arrivals_{traffic_};
};

}  // namespace myriad
