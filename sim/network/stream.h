#pragma once
// What waits at a card's port, and the pools that packets, messages and streams come from (one set a system).

#include "sim/network/message.h"
#include "sim/network/pool.h"

namespace myriad {

// The part of a message that goes over one route, in a queue at its first port.
struct Stream {
    Message* message = nullptr;
    const std::uint16_t* after_first_port = nullptr;
    Bytes remaining;
    Stream* next = nullptr;
};

struct NetworkPools {
    Pool<Packet> packets;
    Pool<Message> messages;
    Pool<Stream> streams;
};

}  // namespace myriad
