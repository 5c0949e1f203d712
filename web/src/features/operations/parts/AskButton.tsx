import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { writeJson } from "../../../api/transport";
import { ErrorPanel } from "../../../ui/ErrorPanel";

type Props = {
  url: string;
  body?: object;
  label: string;
  onQueued: (progressUrl: string) => void;
  size?: string;
};

/** Asks for long work, and says why when it is refused. */
export function AskButton({ url, body = {}, label, onQueued, size = "sm" }: Props) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => writeJson<{ progress_url: string }>("POST", url, body),
    onSuccess: (queued) => onQueued(queued.progress_url),
  });
  return (
    <Stack gap="xs" align="flex-start">
      <Button variant="default" size={size} loading={isPending} onClick={() => mutate()}>
        {label}
      </Button>
      {error && <ErrorPanel error={error} />}
    </Stack>
  );
}
