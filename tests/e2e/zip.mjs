// A zip file with just the names and bytes that a case wants, hostile ones too: nothing is packed, nothing is corrected.

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff];
  return (sum ^ 0xffffffff) >>> 0;
}

/** What a file's own header and its entry in the list at the end both say. */
function facts(name, bytes) {
  const said = Buffer.alloc(26);
  said.writeUInt16LE(20, 0);
  said.writeUInt16LE(0x0800, 2);
  said.writeUInt16LE(0x21, 8);
  said.writeUInt32LE(checksum(bytes), 10);
  said.writeUInt32LE(bytes.length, 14);
  said.writeUInt32LE(bytes.length, 18);
  said.writeUInt16LE(Buffer.byteLength(name), 22);
  return said;
}

/**
 * The bytes of a zip file.
 * @param {readonly (readonly [string, string | Buffer])[]} files
 */
export function zipOf(files) {
  const parts = [];
  const list = [];
  let at = 0;
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const said = facts(name, bytes);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), said, Buffer.from(name), bytes]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), said, place, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}
