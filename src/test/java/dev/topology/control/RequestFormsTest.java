package dev.topology.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestFormsTest {

  private final RequestForms forms = new RequestForms();

  static Stream<Request> requests() {
    return Stream.of(
        new Request.Status(),
        new Request.Down(),
        new Request.AwaitReady(),
        new Request.AwaitEnd(),
        new Request.Events(true),
        new Request.StopNode("left"),
        new Request.RestartNode("left"),
        new Request.Pause(List.of("left", "right")),
        new Request.Resume(List.of()),
        new Request.Console("left"),
        new Request.Window("left", 50, 120),
        new Request.Exec("left", List.of("sh", "-c", "exit 3")),
        new Request.ListCables(),
        new Request.CutCable("uplink"),
        new Request.JoinCable("uplink"),
        new Request.ShapeCable("uplink", List.of("delay=20ms", "loss=1%")),
        new Request.CaptureCable("uplink"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void readsWhatItWrites(Request request) throws Exception {
    byte[] line = JsonLine.write(forms.write(3, request));

    assertThat(forms.read(JsonLine.read(line))).isEqualTo(request);
  }

  @Test
  void everyRequestHasAForm() {
    assertThat(forms.types()).containsExactlyInAnyOrder(Request.class.getPermittedSubclasses());
    assertThat(requests().map(Object::getClass))
        .containsExactlyInAnyOrder(Request.class.getPermittedSubclasses());
  }
}
