#pragma once
// What waits at a card's port, and the memory that packets, messages, streams and port ends come from (one a system).

#include "sim/network/hot_arena.h"
#include "sim/network/message.h"
#include "sim/network/pool.h"

#include <tlm>

namespace myriad {

// The part of a message that goes over one route, in a queue at its first port.
struct Stream {
    Message* message = nullptr;
    const std::uint16_t* after_first_port = nullptr;
    Bytes remaining;
    std::uint16_t route = 0;   // its number among the message's
    Stream* next = nullptr;    // whose turn comes after this one
    Stream* behind = nullptr;  // of the same poster, waits until this one has been sent
    Stream* last = nullptr;    // end of the line behind; of the stream whose turn it can be
};

struct NetworkMemory {
    HotArena arena;
    Pool<Packet> packets;
    Pool<Message> messages;
    Pool<Stream> streams;
    // Of the DMA engines: a call at a time and never kept, so that all of them share one that stays in the cache.
    tlm::tlm_generic_payload transfer;
};

}  // namespace myriad
