#pragma once
// Congestion control as a card's ports see it: when a flow may send its next packet.

#include "sim/network/message.h"
#include "sim/time/completion.h"
#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

class InjectionPacer {
public:
    // When the next packet of this message over this route may be sent; now or before: at once.
    [[nodiscard]] virtual TimePoint allowed_at(const Message& message, std::uint16_t route) = 0;
    // It has been sent.
    virtual void sent(const Packet& packet) = 0;
    // A packet that was marked on its way (Packet::congested) has come to its destination.
    virtual void marked(const Packet& packet) = 0;
    // Calls `go_on` at `time`: a port has nothing that it may send before.
    virtual void wake(TimePoint time, Completion go_on) = 0;

protected:
    ~InjectionPacer() = default;
};

}  // namespace myriad
