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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.Method;

/**
 * Makes {@code target/topology}: a shell script and a jar in one file, by {@code mvn package}.
 *
 * <p>A zip archive may stand behind anything else, and its offsets count from the start of the
 * file, so the result is a valid jar and a valid script at once.
 *
 * <p>Classes of Java 5 (picocli, asm) get stack map frames on the way: a class-data archive takes
 * no class without them, and they would make up half of the start-up time. The lambdas of this
 * program become classes of their own: Java makes the class of a lambda when it comes to it, which
 * takes 0.1 ms even from an archive, six times as long as any other class. {@code plan} comes to
 * 350 of them.
 */
final class ExecutableFile {

  /** Byte 7 of a class file: the major version; see the Java Virtual Machine Specification 4.1. */
  private static final int MAJOR_VERSION = 7;

  /** Of every entry, whatever the time zone of the build: two builds are the same to the byte. */
  private static final LocalDateTime BUILT = LocalDateTime.of(2026, 1, 1, 0, 0);

  /** The classes whose lambdas are replaced. */
  private static final String OURS = "dev/topology/";

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
      Lambdas lambdas = new Lambdas();
      for (ZipEntry entry : Collections.list(source.entries())) {
        byte[] content;
        try (InputStream in = source.getInputStream(entry)) {
          content = in.readAllBytes();
        }
        if (!isOurs(entry)) {
          add(entry.getName(), isOldClass(entry, content) ? withFrames(content) : content, target);
        } else {
          lambdas.replaceIn(content);
        }
      }
      for (Map.Entry<String, byte[]> ours : lambdas.finished().entrySet()) {
        add(ours.getKey() + ".class", ours.getValue(), target);
      }
    }
    Files.setPosixFilePermissions(result, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void add(String name, byte[] content, ZipArchiveOutputStream target)
      throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setTimeLocal(BUILT);
    target.putArchiveEntry(entry);
    target.write(content);
    target.closeArchiveEntry();
  }

  private static boolean isOurs(ZipEntry entry) {
    return entry.getName().startsWith(OURS) && entry.getName().endsWith(".class");
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

  /** Classes, and those made of their lambdas, by their internal names. */
  private static final class Lambdas {

    private final Map<String, byte[]> classes = new LinkedHashMap<>();

    /** The classes made of lambdas, by their nest host: they call its private methods. */
    private final Map<String, List<String>> members = new LinkedHashMap<>();

    /** Takes a class, and puts a call of a factory method in place of each of its lambdas. */
    void replaceIn(byte[] content) {
      ClassReader reader = new ClassReader(content);
      ClassWriter writer = new ClassWriter(reader, 0);
      reader.accept(new Replacement(writer, reader.getClassName()), 0);
      classes.put(reader.getClassName(), writer.toByteArray());
    }

    /** All classes. Each nest host names its members; JVMS 4.7.29. */
    Map<String, byte[]> finished() {
      members.forEach((host, names) -> classes.computeIfPresent(host, (h, c) -> with(names, c)));
      return classes;
    }

    private static byte[] with(List<String> names, byte[] content) {
      ClassReader reader = new ClassReader(content);
      ClassWriter writer = new ClassWriter(reader, 0);
      reader.accept(
          new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visitEnd() {
              names.forEach(this::visitNestMember);
              super.visitEnd();
            }
          },
          0);
      return writer.toByteArray();
    }

    private final class Replacement extends ClassVisitor {

      private final String owner;
      private String host;
      private int count;

      Replacement(ClassVisitor next, String owner) {
        super(Opcodes.ASM9, next);
        this.owner = owner;
        this.host = owner;
      }

      @Override
      public void visitNestHost(String name) {
        host = name;
        super.visitNestHost(name);
      }

      @Override
      public MethodVisitor visitMethod(
          int access, String name, String type, String signature, String[] exceptions) {
        MethodVisitor next = super.visitMethod(access, name, type, signature, exceptions);
        return new MethodVisitor(Opcodes.ASM9, next) {
          @Override
          public void visitInvokeDynamicInsn(
              String method, String site, Handle maker, Object... arguments) {
            // What is serializable or has more than one interface is left to Java.
            if (maker.getOwner().equals("java/lang/invoke/LambdaMetafactory")
                && maker.getName().equals("metafactory")) {
              String lambda = owner + "$$Lambda" + count++;
              members.computeIfAbsent(host, it -> new ArrayList<>()).add(lambda);
              Method wanted = new Method(method, ((Type) arguments[0]).getDescriptor());
              classes.put(
                  lambda,
                  new LambdaClass(lambda, new Method("make", site), wanted)
                      .bytes(host, (Handle) arguments[1], (Type) arguments[2]));
              super.visitMethodInsn(Opcodes.INVOKESTATIC, lambda, "make", site, false);
            } else {
              super.visitInvokeDynamicInsn(method, site, maker, arguments);
            }
          }
        };
      }
    }
  }

  /**
   * A class in place of a lambda; see java.lang.invoke.LambdaMetafactory.
   *
   * @param name internal
   * @param make takes the captured values, and returns the function
   * @param function the method that it has, as the interface declares it
   */
  private record LambdaClass(String name, Method make, Method function) {

    byte[] bytes(String nestHost, Handle body, Type types) {
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      writer.visit(
          Opcodes.V17,
          Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC,
          name,
          null,
          "java/lang/Object",
          new String[] {make.getReturnType().getInternalName()});
      writer.visitNestHost(nestHost);
      for (int i = 0; i < captured().length; i++) {
        writer.visitField(Opcodes.ACC_FINAL, "v" + i, captured()[i].getDescriptor(), null, null);
      }
      addConstructor(writer);
      addMake(writer);
      addFunction(writer, body, types);
      writer.visitEnd();
      return writer.toByteArray();
    }

    private Type self() {
      return Type.getObjectType(name);
    }

    private Type[] captured() {
      return make.getArgumentTypes();
    }

    private Method constructor() {
      return new Method("<init>", Type.VOID_TYPE, captured());
    }

    private void addConstructor(ClassWriter writer) {
      GeneratorAdapter code = new GeneratorAdapter(0, constructor(), null, null, writer);
      code.loadThis();
      code.invokeConstructor(Type.getType(Object.class), Method.getMethod("void <init> ()"));
      for (int i = 0; i < captured().length; i++) {
        code.loadThis();
        code.loadArg(i);
        code.putField(self(), "v" + i, captured()[i]);
      }
      code.returnValue();
      code.endMethod();
    }

    private void addMake(ClassWriter writer) {
      GeneratorAdapter code = new GeneratorAdapter(Opcodes.ACC_STATIC, make, null, null, writer);
      code.newInstance(self());
      code.dup();
      code.loadArgs();
      code.invokeConstructor(self(), constructor());
      code.returnValue();
      code.endMethod();
    }

    private void addFunction(ClassWriter writer, Handle body, Type types) {
      GeneratorAdapter code =
          new GeneratorAdapter(Opcodes.ACC_PUBLIC, function, null, null, writer);
      Type owner = Type.getObjectType(body.getOwner());
      boolean isNew = body.getTag() == Opcodes.H_NEWINVOKESPECIAL;
      boolean hasReceiver = !isNew && body.getTag() != Opcodes.H_INVOKESTATIC;
      List<Type> parameters = new ArrayList<>(hasReceiver ? List.of(owner) : List.of());
      parameters.addAll(List.of(Type.getArgumentTypes(body.getDesc())));
      if (isNew) {
        code.newInstance(owner);
        code.dup();
      }
      for (int i = 0; i < captured().length; i++) {
        code.loadThis();
        code.getField(self(), "v" + i, captured()[i]);
        convert(code, captured()[i], parameters.get(i));
      }
      for (int i = 0; i < function.getArgumentTypes().length; i++) {
        code.loadArg(i);
        Type given = types.getArgumentTypes()[i];
        convert(code, function.getArgumentTypes()[i], given);
        convert(code, given, parameters.get(captured().length + i));
      }
      call(code, body);
      Type result = isNew ? owner : Type.getReturnType(body.getDesc());
      if (function.getReturnType() != Type.VOID_TYPE) {
        convert(code, result, function.getReturnType());
      } else if (result != Type.VOID_TYPE) {
        pop(code, result);
      }
      code.returnValue();
      code.endMethod();
    }

    private static void pop(GeneratorAdapter code, Type result) {
      if (result.getSize() == 2) {
        code.pop2();
      } else {
        code.pop();
      }
    }

    private static void call(GeneratorAdapter code, Handle body) {
      int instruction =
          switch (body.getTag()) {
            case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
            case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
            default -> body.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
          };
      code.visitMethodInsn(
          instruction, body.getOwner(), body.getName(), body.getDesc(), body.isInterface());
    }

    private static void convert(GeneratorAdapter code, Type from, Type to) {
      boolean fromObject = from.getSort() >= Type.ARRAY;
      boolean toObject = to.getSort() >= Type.ARRAY;
      if (from.equals(to)) {
        return;
      }
      if (fromObject && toObject) {
        code.checkCast(to);
      } else if (fromObject) {
        code.unbox(to);
      } else if (toObject) {
        code.valueOf(from);
      } else {
        code.cast(from, to);
      }
    }
  }
}
