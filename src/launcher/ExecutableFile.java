import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Makes {@code target/topology}: a shell script and a jar in one file, by {@code mvn package}.
 *
 * <p>A zip archive may stand behind anything else, and its offsets count from the start of the
 * file, so the result is a valid jar and a valid script at once.
 *
 * <p>Classes of Java 5 (picocli, asm) get stack map frames on the way: a class-data archive takes
 * no class without them, and they would make up half of the start-up time.
 */
final class ExecutableFile {

  /** Byte 7 of a class file: the major version; see the Java Virtual Machine Specification 4.1. */
  private static final int MAJOR_VERSION = 7;

  /** Of every entry, whatever the time zone of the build: two builds are the same to the byte. */
  private static final LocalDateTime BUILT = LocalDateTime.of(2026, 1, 1, 0, 0);

  private final Path jar;
  private final ClassLoader classes;

  private ExecutableFile(Path jar) throws MalformedURLException {
    this.jar = jar;
    this.classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
  }

  /**
   * Arguments: the script, the jar, the file to make; and a bill of materials, if the libraries on
   * the class path are to be checked by it.
   */
  public static void main(String[] args) throws IOException {
    if (args.length > 3) {
      checkLibraries(Path.of(args[3]));
    }
    new ExecutableFile(Path.of(args[1])).write(Path.of(args[0]), Path.of(args[2]));
  }

  /** The class path of this program is what the jar was made of: it has to be what was reviewed. */
  private static void checkLibraries(Path bill) throws IOException {
    List<String> known = new ObjectMapper().readTree(bill.toFile()).findValuesAsText("content");
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path library = Path.of(entry);
      if (Files.isRegularFile(library) && !known.contains(sha256(library))) {
        System.err.printf(
            "%s is not in %s, or not with that checksum.%n"
                + "If the pom was changed on purpose: mvn package, online, and then%n"
                + "cp target/bom.json src/launcher/bom.json%n",
            library, bill);
        System.exit(1);
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new AssertionError(everyJavaHasIt);
    }
  }

  private void write(Path script, Path result) throws IOException {
    Files.deleteIfExists(result);
    try (ZipFile source = new ZipFile(jar.toFile());
        ZipArchiveOutputStream target = new ZipArchiveOutputStream(result)) {
      target.setLevel(9);
      target.writePreamble(Files.readAllBytes(script));
      for (ZipEntry entry : Collections.list(source.entries())) {
        copy(source, entry, target);
      }
    }
    Files.setPosixFilePermissions(result, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void copy(ZipFile source, ZipEntry entry, ZipArchiveOutputStream target)
      throws IOException {
    byte[] content;
    try (InputStream in = source.getInputStream(entry)) {
      content = in.readAllBytes();
    }
    ZipArchiveEntry copy = new ZipArchiveEntry(entry.getName());
    copy.setTimeLocal(BUILT);
    target.putArchiveEntry(copy);
    target.write(isOldClass(entry, content) ? withFrames(content) : content);
    target.closeArchiveEntry();
  }

  private static boolean isOldClass(ZipEntry entry, byte[] content) {
    return entry.getName().endsWith(".class") && content[MAJOR_VERSION] < Opcodes.V1_7;
  }

  private byte[] withFrames(byte[] content) {
    byte[] recent = content.clone();
    recent[MAJOR_VERSION] = Opcodes.V1_8;
    ClassWriter writer = new FrameWriter();
    try {
      new ClassReader(recent).accept(writer, ClassReader.SKIP_FRAMES);
    } catch (LinkageError | TypeNotPresentException itKnowsClassesThatNobodyHas) {
      // EMF has some that only Eclipse can run. They stay as they are.
      return content;
    }
    return writer.toByteArray();
  }

  /** Looks superclasses up in the jar, without running any code of theirs. */
  private final class FrameWriter extends ClassWriter {

    FrameWriter() {
      super(COMPUTE_FRAMES);
    }

    @Override
    protected ClassLoader getClassLoader() {
      return classes;
    }
  }
}
