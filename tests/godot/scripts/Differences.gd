# What Godot does where Moonwire does something else on purpose. Each program says its "result".
extends "Program.gd"

const MUCH = 8388608


# The other side resets before the cue.
func reset_while_reading():
	var peer = meet()
	await_cue()
	peer.get_partial_data(1)
	say("result", status_name(peer))


# The other side closes before the cue.
func status_within_tick():
	var peer = meet()
	var first = status_name(peer)
	await_cue()
	say("result", first + ", then " + status_name(peer))


# For Moonwire: closes its first connection when the second brings a byte, and then says so there.
func close_between():
	var peer = meet()
	var second = connect_peer()
	second.get_u8()
	peer.disconnect_from_host()
	second.put_u8(1)


func closed_available():
	say("result", str(StreamPeerTCP.new().get_available_bytes()))


func close_unread():
	var peer = meet()
	await_bytes(peer, 1)
	peer.put_u32(1)
	peer.disconnect_from_host()


func never_take():
	var server = listen()
	await_cue()
	server.stop()


func connect_timeout():
	var setting = "network/limits/tcp/connect_timeout_seconds"
	say("result", "%d s" % ProjectSettings.get_setting(setting))


func connect_twice():
	say("result", str(meet().connect_to_host("127.0.0.1", int(option("port")))))


func put_too_much():
	var bytes = PoolByteArray()
	bytes.resize(MUCH)
	say("result", str(meet().put_data(bytes)))


func get_too_much():
	var peer = meet()
	await_bytes(peer, 4)
	say("getting", true)
	var got = peer.get_data(10)
	say("result", str(got[0]) if got[1].size() == 10 else "too few")


# The other side puts 2 bytes and closes before the cue. The value has bytes that nobody put.
func get_at_end():
	var peer = meet()
	await_cue()
	var kind = "a number" if typeof(peer.get_u32()) == TYPE_INT else "none"
	say("result", "%s, %d left" % [kind, max(0, peer.get_available_bytes())])


func beyond_ascii():
	var buffer = StreamPeerBuffer.new()
	buffer.put_string("añ€😀b")
	say("result", buffer.data_array.hex_encode())


func long_string():
	var buffer = StreamPeerBuffer.new()
	buffer.put_u32(65537)
	for _i in 65537:
		buffer.put_u8(97)
	buffer.seek(0)
	say("result", "%d characters" % buffer.get_utf8_string().length())


func unsigned():
	var buffer = StreamPeerBuffer.new()
	buffer.put_64(-1)
	buffer.seek(0)
	say("result", str(buffer.get_u64()))


func whole_float():
	say("result", ["nil", "bool", "int", "float"][var2bytes(2.0)[0]])


func other_variants():
	var buffer = StreamPeerBuffer.new()
	put_rect(buffer)
	buffer.seek(0)
	say("result", "Rect2" if typeof(buffer.get_var()) == TYPE_RECT2 else "another")


func deep_variants():
	var buffer = StreamPeerBuffer.new()
	put_deep(buffer)
	buffer.seek(0)
	var value = buffer.get_var()
	var arrays = 0
	while typeof(value) == TYPE_ARRAY:
		value = value[0]
		arrays += 1
	say("result", "%d arrays" % arrays)


# For Moonwire: the variants that Godot takes.
func send_variants():
	var peer = meet()
	put_rect(peer)
	peer.put_var("next")
	put_deep(peer)
	await_cue()


# All of a packet has arrived, or is on the way into the buffer, before each cue.
func take_packets():
	var packets = PacketPeerStream.new()
	packets.stream_peer = meet()
	var results = []
	for _i in 2:
		while cues.get_available_bytes() == 0 and pause():
			packets.get_available_packet_count()
		await_cue()
		var count = packets.get_available_packet_count()
		results.append("%s, %d packets" % [status_name(packets.stream_peer), count])
		if count > 0:
			packets.get_packet()
	say("result", results)


func empty_packet():
	var buffer = StreamPeerBuffer.new()
	var packets = PacketPeerStream.new()
	packets.stream_peer = buffer
	var code = packets.put_packet(PoolByteArray())
	say("result", "%d, %s sent" % [code, "nothing" if buffer.get_size() == 0 else "something"])


func packet_buffer():
	say("result", str(PacketPeerStream.new().input_buffer_max_size))


func put_rect(stream):
	stream.put_var(Rect2(1, 2, 3, 4))


func put_deep(stream):
	var value = 1
	for _i in 65:
		value = [value]
	stream.put_var(value)
