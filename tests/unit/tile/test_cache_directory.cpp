// The cache by blocks.

#include "models/tile/cache_directory.h"
#include "sim/random/random_stream.h"

#include <catch2/catch.hpp>

#include <list>

using namespace myriad;

namespace {

TimePoint at(std::int64_t t) { return TimePoint{ps(t)}; }

}  // namespace

TEST_CASE("a cache drops the block that was used longest ago") {
    CacheDirectory cache(Bytes{300});
    cache.insert(0, Bytes{100}, at(1));
    cache.insert(100, Bytes{100}, at(2));
    cache.insert(200, Bytes{100}, at(3));
    REQUIRE(cache.find(0) != nullptr);  // 100 is the oldest now
    CHECK(*cache.find(0) == at(1));
    cache.insert(300, Bytes{50}, at(4));
    CHECK(cache.find(100) == nullptr);
    CHECK(cache.find(200) != nullptr);
    CHECK(cache.used() == Bytes{250});
    CHECK(cache.blocks() == 3);
}

TEST_CASE("a block larger than the cache is not kept") {
    CacheDirectory cache(Bytes{100});
    cache.insert(7, Bytes{101}, at(0));
    CHECK(cache.find(7) == nullptr);
    CHECK(cache.used() == Bytes{0});
    cache.insert(7, Bytes{100}, at(0));
    CHECK(cache.find(7) != nullptr);
}

TEST_CASE("a cache agrees with a plain list over random use") {
    const std::uint64_t seed = 20261126;
    INFO("seed " << seed);
    RandomStream random(seed, "cache");
    CacheDirectory cache(Bytes{64 * 10});
    std::list<std::uint64_t> plain;  // newest first, ten blocks of 64 B
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t address = 64 * random.below(1 + random.below(40));
        const auto found = std::find(plain.begin(), plain.end(), address);
        REQUIRE((cache.find(address) != nullptr) == (found != plain.end()));
        if (found != plain.end()) {
            plain.erase(found);
        } else {
            cache.insert(address, Bytes{64}, at(i));
        }
        plain.push_front(address);
        if (plain.size() > 10) {
            plain.pop_back();
        }
    }
    CHECK(cache.blocks() == 10);
}

TEST_CASE("a cache of many blocks finds all of them") {
    CacheDirectory cache(Bytes{5000});
    for (std::uint64_t i = 0; i < 5000; ++i) {
        cache.insert(i << 20, Bytes{1}, at(static_cast<std::int64_t>(i)));
    }
    for (std::uint64_t i = 0; i < 5000; ++i) {
        const TimePoint* ready = cache.find(i << 20);
        REQUIRE(ready != nullptr);
        REQUIRE(*ready == at(static_cast<std::int64_t>(i)));
    }
}
