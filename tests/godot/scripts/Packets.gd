# Packets over a stream. Byte i of a packet of n bytes is (n + i) % 251, as in the test.
extends "Program.gd"

const LARGE = 300000

var packets = PacketPeerStream.new()


func sizes():
	return [
		1, 2, 3, 4, 5, 255, 256, 257, 1023, 1024, 1025,
		8192, 16383, 16384, 16385, 32767, 32768, 65530, 65531,
	]


func put_each():
	packets.stream_peer = meet()
	for size in sizes():
		packets.put_packet(pattern(size))
	# One more than a Godot receiver could take.
	say("largest", packets.put_packet(pattern(65532)))
	await_cue()


func get_each():
	packets.stream_peer = meet()
	var wrong = []
	for size in sizes():
		if next_packet() != pattern(size):
			wrong.append(size)
	say("wrong", wrong)


func put_large():
	packets.stream_peer = meet()
	packets.output_buffer_max_size = 1048576
	packets.put_packet(pattern(LARGE))
	await_cue()


func get_large():
	packets.stream_peer = meet()
	packets.input_buffer_max_size = 1048576
	say("right", next_packet() == pattern(LARGE))


# Packets in one call, so in one segment; one of them is empty.
func put_joined():
	var peer = meet()
	peer.put_data(frame(3) + frame(0) + frame(1) + frame(300))
	await_cue()


func get_joined():
	var peer = meet()
	packets.stream_peer = peer
	await_bytes(peer, 4 * 4 + 304)
	say("count", packets.get_available_packet_count())
	for size in [3, 0, 1, 300]:
		say("right %d" % size, next_packet() == pattern(size))


# A packet in three parts; the last brings the length of another, whose only byte follows.
func put_split():
	var peer = meet()
	var bytes = frame(300) + frame(1)
	for part in [[0, 1], [2, 103], [104, 307], [308, 308]]:
		peer.put_data(bytes.subarray(part[0], part[1]))
		await_cue()


func get_split():
	var peer = meet()
	packets.stream_peer = peer
	for count in [2, 102, 204, 1]:
		await_bytes(peer, count)
		say("after %d" % count, packets.get_available_packet_count())
		if count == 204:
			say("first", packets.get_packet() == pattern(300))
	say("second", packets.get_packet() == pattern(1))


func next_packet():
	while packets.get_available_packet_count() == 0 and pause():
		pass
	return packets.get_packet()


func frame(size):
	var bytes = StreamPeerBuffer.new()
	bytes.put_u32(size)
	bytes.put_data(pattern(size))
	return bytes.data_array


func pattern(size):
	var bytes = PoolByteArray()
	bytes.resize(size)
	for i in size:
		bytes[i] = (size + i) % 251
	return bytes
