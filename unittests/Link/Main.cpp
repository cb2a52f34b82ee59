// The program of every link test. It does nothing: that it links is the test.

int main() { return 0; }
